package org.adaptseg.engine.nd4j;

import static org.adaptseg.engine.nd4j.Nd4jTensor.array;

import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** Convolution by ND4J's {@code conv2d} and {@code conv2d_bp}. */
final class Nd4jConvolution implements Convolution {
  private final ConvolutionShape shape;
  private INDArray weights;
  private INDArray bias;

  Nd4jConvolution(ConvolutionShape shape) {
    this.shape = shape;
  }

  @Override
  public ConvolutionShape shape() {
    return shape;
  }

  @Override
  public void weights(Vector newWeights, Vector newBias) {
    this.weights = filter(newWeights);
    this.bias = Nd4jVector.array(newBias);
  }

  /** A vector as [O, I, k, k]. */
  private INDArray filter(Vector flat) {
    return Nd4jVector.array(flat)
        .reshape(
            'c', shape.outChannels(), shape.input().channels(), shape.kernel(), shape.kernel());
  }

  private void run(String op, INDArray[] in, INDArray[] out) {
    int k = shape.kernel();
    int s = shape.stride();
    int p = shape.padding();
    int d = shape.dilation();
    try (OpContext context = Nd4j.getExecutioner().buildContext()) {
      // ND4J's oneDNN helper fails for dilated convolutions.
      context.allowHelpers(d == 1);
      context.setInputArrays(in);
      context.setOutputArrays(out);
      context.setIArguments(k, k, s, s, p, p, d, d, 0, 0, 1);
      Nd4j.exec(DynamicCustomOp.builder(op).build(), context);
    } catch (Exception e) {
      throw new IllegalStateException("Cannot compute " + op + " for " + shape, e);
    }
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    forward(array(x), array(y));
  }

  void forward(INDArray x, INDArray y) {
    INDArray[] in = bias == null ? new INDArray[] {x, weights} : new INDArray[] {x, weights, bias};
    run("conv2d", in, new INDArray[] {y});
  }

  @Override
  public void backwardData(Tensor gradY, Tensor gradX, boolean accumulate) {
    INDArray gy = array(gradY);
    INDArray gx = array(gradX);
    // The op computes both gradients; the values of x do not matter for the one of x.
    INDArray x = gx.ulike().assign(0);
    INDArray out = gx.ulike();
    run("conv2d_bp", new INDArray[] {x, weights, gy}, new INDArray[] {out, weights.ulike()});
    put(gx, out, accumulate);
  }

  @Override
  public void backwardWeights(
      Tensor in, Tensor gradY, Vector gradWeights, Vector gradBias, boolean accumulate) {
    INDArray x = array(in);
    INDArray gy = array(gradY);
    INDArray gw = weights.ulike();
    run("conv2d_bp", new INDArray[] {x, weights, gy}, new INDArray[] {x.ulike(), gw});
    put(filter(gradWeights), gw, accumulate);
    if (gradBias != null) {
      put(Nd4jVector.array(gradBias), gy.sum(0, 2, 3), accumulate);
    }
  }

  private static void put(INDArray to, INDArray value, boolean accumulate) {
    if (accumulate) {
      to.addi(value);
    } else {
      to.assign(value);
    }
  }

  @Override
  public void close() {
    // no native state of our own
  }
}
