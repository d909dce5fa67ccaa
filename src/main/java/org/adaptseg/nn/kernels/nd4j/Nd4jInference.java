package org.adaptseg.nn.kernels.nd4j;

import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.InferenceConvolution;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The same, step by step. */
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
  public void weights(INDArray weights, float[] newScale, float[] newShift) {
    convolution.weights(weights.dup('c'), null);
    scale = Nd4j.createFromArray(newScale).castTo(weights.dataType());
    shift = Nd4j.createFromArray(newShift).castTo(weights.dataType());
  }

  @Override
  public void run(INDArray x, INDArray y) {
    INDArray out = y.ulike();
    convolution.forward(x, out);
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
