package org.adaptseg.engine.nd4j;

import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.InferenceConvolution;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Convolution, normalisation, sum and ReLU, step by step. */
final class Nd4jInference implements InferenceConvolution {
  private static final int CHANNEL = 1;
  private final Nd4jConvolution convolution;
  private final boolean add;
  private final boolean relu;
  private INDArray scale;
  private INDArray shift;

  /**
   * @param shape without bias: the shift is one
   */
  Nd4jInference(ConvolutionShape shape, boolean add, boolean relu) {
    this.convolution = new Nd4jConvolution(shape);
    this.add = add;
    this.relu = relu;
  }

  @Override
  public void weights(Vector weights, Normalization norm) {
    convolution.weights(new Nd4jVector(Nd4jVector.array(weights).dup()), null);
    INDArray deviation =
        Transforms.sqrt(Nd4jVector.array(norm.variance()).add(BatchNorm.EPSILON), false);
    scale = Nd4jVector.array(norm.scale()).div(deviation);
    shift = Nd4jVector.array(norm.shift()).sub(Nd4jVector.array(norm.mean()).mul(scale));
  }

  @Override
  public void run(Tensor in, Tensor to) {
    INDArray y = Nd4jTensor.array(to);
    INDArray out = y.ulike();
    convolution.forward(Nd4jTensor.array(in), out);
    Broadcast.mul(out, scale, out, CHANNEL);
    Broadcast.add(out, shift, out, CHANNEL);
    if (add) {
      out.addi(y);
    }
    y.assign(relu ? Transforms.relu(out, false) : out);
  }

  @Override
  public void close() {
    // no native state of our own
  }
}
