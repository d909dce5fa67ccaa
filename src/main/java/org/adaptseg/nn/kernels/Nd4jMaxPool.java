package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Max-pooling on an explicitly padded copy, because ND4J has no ceil mode. The padding is zero,
 * which is right for inputs that are not negative, as behind a ReLU.
 */
final class Nd4jMaxPool implements MaxPool {
  private final FeatureShape in;
  private final INDArray padded;

  Nd4jMaxPool(DataType type, FeatureShape in) {
    this.in = in;
    FeatureShape out = MaxPool.output(in);
    this.padded =
        Nd4j.create(type, in.images(), in.channels(), out.height() * 2L + 1, out.width() * 2L + 1);
  }

  private INDArrayIndex[] inside() {
    return new INDArrayIndex[] {
      NDArrayIndex.all(),
      NDArrayIndex.all(),
      NDArrayIndex.interval(1, in.height() + 1L),
      NDArrayIndex.interval(1, in.width() + 1L)
    };
  }

  @Override
  public void forward(INDArray x, INDArray y) {
    padded.put(inside(), x);
    Nd4j.exec(
        DynamicCustomOp.builder("maxpool2d")
            .addInputs(padded)
            .addOutputs(y)
            .addIntegerArguments(3, 3, 2, 2, 0, 0, 1, 1, 0, 0, 0)
            .build());
  }

  @Override
  public void backward(INDArray gy, INDArray gx) {
    INDArray gradient = padded.ulike();
    Nd4j.exec(
        DynamicCustomOp.builder("maxpool2d_bp")
            .addInputs(padded, gy)
            .addOutputs(gradient)
            .addIntegerArguments(3, 3, 2, 2, 0, 0, 1, 1, 0, 0, 0)
            .build());
    gx.assign(gradient.get(inside()));
  }

  @Override
  public void close() {
    padded.close();
  }
}
