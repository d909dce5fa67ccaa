package org.adaptseg.engine.nd4j;

import java.util.Locale;
import java.util.Objects;
import org.adaptseg.engine.Vector;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A vector as an array of rank 1. */
record Nd4jVector(INDArray array) implements Vector {
  /**
   * The array of a vector, or null for null.
   *
   * @throws IllegalArgumentException for one of another engine
   */
  static INDArray array(Vector vector) {
    if (vector == null) {
      return null;
    }
    if (vector instanceof Nd4jVector own) {
      return own.array;
    }
    throw new IllegalArgumentException(
        "Cannot compute with ND4J: expected a vector of its own, found " + vector);
  }

  @Override
  public long length() {
    return array.length();
  }

  @Override
  public Vector part(long from, long length) {
    Objects.checkFromIndexSize(from, length, array.length());
    return new Nd4jVector(array.get(NDArrayIndex.interval(from, from + length)));
  }

  private void put(INDArray values) {
    if (values.length() != array.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot write to a vector: expected %d values, found %d",
              array.length(),
              values.length()));
    }
    array.assign(values.castTo(array.dataType()));
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
  public float[] read() {
    return array.dup().castTo(DataType.FLOAT).toFloatVector();
  }

  @Override
  public double[] readDoubles() {
    return array.dup().castTo(DataType.DOUBLE).toDoubleVector();
  }

  @Override
  public void fill(float value) {
    array.assign(value);
  }

  @Override
  public void close() {
    if (array.closeable()) {
      array.close();
    }
  }
}
