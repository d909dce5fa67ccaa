package org.adaptseg.engine.nd4j;

import java.util.Locale;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A tensor as an array: pixels are [N·H·W, C], everything else NCHW. */
final class Nd4jTensor implements Tensor {
  private final Nd4jBuffer buffer;
  private final FeatureShape shape;
  private final INDArray array;

  Nd4jTensor(Nd4jBuffer buffer, FeatureShape shape, INDArray array) {
    this.buffer = buffer;
    this.shape = shape;
    this.array = array;
  }

  /**
   * The array of a tensor.
   *
   * @throws IllegalArgumentException for one of another engine
   */
  static INDArray array(Tensor tensor) {
    if (tensor instanceof Nd4jTensor own) {
      return own.array;
    }
    throw new IllegalArgumentException(
        "Cannot compute with ND4J: expected a tensor of its own, found " + tensor);
  }

  @Override
  public Kind kind() {
    return buffer.kind();
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  private void put(INDArray values) {
    if (values.length() != shape.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot write: expected %d values, found %d (%s)",
              shape.size(),
              values.length(),
              this));
    }
    INDArray wide = values.castTo(array.dataType());
    FeatureShape s = shape;
    switch (kind()) {
      case IMAGE ->
          array.assign(wide.reshape('c', s.images(), s.channels(), s.height(), s.width()));
      case PIXELS -> array.assign(wide.reshape('c', s.pixels(), s.channels()));
      case MAP, LOGITS ->
          array.assign(
              wide.reshape('c', s.images(), s.height(), s.width(), s.channels())
                  .permute(0, 3, 1, 2));
    }
  }

  /** All values in the order of {@link Tensor}. */
  private INDArray taken() {
    INDArray ordered =
        switch (kind()) {
          case IMAGE, PIXELS -> array;
          case MAP, LOGITS -> array.permute(0, 2, 3, 1);
        };
    return ordered.dup('c').reshape(shape.size());
  }

  @Override
  public void write(float[] values) {
    put(Nd4j.createFromArray(values));
  }

  @Override
  public void write(double[] values) {
    put(Nd4j.createFromArray(values));
  }

  @Override
  public void writeImage(int image, float[] chw) {
    if (kind() != Kind.IMAGE) {
      throw new IllegalStateException("Cannot write an image: expected images, found " + this);
    }
    array
        .get(NDArrayIndex.point(image))
        .assign(
            Nd4j.createFromArray(chw)
                .castTo(array.dataType())
                .reshape('c', shape.channels(), shape.height(), shape.width()));
  }

  @Override
  public float[] read() {
    return taken().castTo(DataType.FLOAT).toFloatVector();
  }

  @Override
  public double[] readDoubles() {
    return taken().castTo(DataType.DOUBLE).toDoubleVector();
  }

  @Override
  public void readPixels(long first, int pixels, float[] into) {
    if (kind() != Kind.PIXELS) {
      throw new IllegalStateException("Cannot read pixels: expected some, found " + this);
    }
    float[] values =
        array
            .get(NDArrayIndex.interval(first, first + pixels), NDArrayIndex.all())
            .dup('c')
            .reshape((long) pixels * shape.channels())
            .castTo(DataType.FLOAT)
            .toFloatVector();
    System.arraycopy(values, 0, into, 0, values.length);
  }

  @Override
  public String toString() {
    return kind() + " " + shape;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
