package org.adaptseg.engine.nd4j;

import static org.adaptseg.engine.nd4j.Nd4jTensor.array;

import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.engine.Tensor;
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
  private final Window window;
  private final INDArray padded;

  Nd4jMaxPool(DataType type, FeatureShape in, Window window) {
    this.in = in;
    this.window = window;
    FeatureShape out = window.output(in);
    this.padded =
        Nd4j.create(type, in.images(), in.channels(), side(out.height()), side(out.width()));
  }

  /** Values of a side that windows reach, padding included. */
  private long side(int out) {
    return (out - 1) * 2L + window.side();
  }

  /** Where the input's values that windows reach are, in the padded copy or in the input. */
  private INDArrayIndex[] reached(int from) {
    long height = Math.min(in.height(), padded.size(2) - window.padding());
    long width = Math.min(in.width(), padded.size(3) - window.padding());
    return new INDArrayIndex[] {
      NDArrayIndex.all(),
      NDArrayIndex.all(),
      NDArrayIndex.interval(from, from + height),
      NDArrayIndex.interval(from, from + width)
    };
  }

  @Override
  public void forward(Tensor from, Tensor to) {
    INDArray x = array(from);
    INDArray y = array(to);
    padded.put(reached(window.padding()), x.get(reached(0)));
    Nd4j.exec(
        DynamicCustomOp.builder("maxpool2d")
            .addInputs(padded)
            .addOutputs(y)
            .addIntegerArguments(window.side(), window.side(), 2, 2, 0, 0, 1, 1, 0, 0, 0)
            .build());
  }

  @Override
  public void backward(Tensor gradY, Tensor gradX) {
    INDArray gy = array(gradY);
    INDArray gx = array(gradX);
    INDArray gradient = padded.ulike();
    Nd4j.exec(
        DynamicCustomOp.builder("maxpool2d_bp")
            .addInputs(padded, gy)
            .addOutputs(gradient)
            .addIntegerArguments(window.side(), window.side(), 2, 2, 0, 0, 1, 1, 0, 0, 0)
            .build());
    gx.assign(0);
    gx.put(reached(0), gradient.get(reached(window.padding())));
  }

  @Override
  public void close() {
    padded.close();
  }
}
