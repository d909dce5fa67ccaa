package org.adaptseg.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * A tensor as a file holds it: contiguous, row-major, little-endian.
 *
 * @param type how a value is stored
 * @param shape sizes, outermost first; empty for a scalar
 * @param data exactly the values, from position 0
 */
public record Tensor(ElementType type, long[] shape, ByteBuffer data) {
  /** Checks that shape and data agree. */
  public Tensor {
    shape = shape.clone();
    data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (elements(shape) * type.size() != data.remaining()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot form a tensor: expected %s of %s values, found %d bytes",
              type,
              Arrays.toString(shape),
              data.remaining()));
    }
  }

  /** Number of values of a shape. */
  static long elements(long[] shape) {
    long n = 1;
    for (long size : shape) {
      n = Math.multiplyExact(n, size);
    }
    return n;
  }

  /** Number of values. */
  public int length() {
    return data.capacity() / type.size();
  }

  /** The values, row-major; 64-bit integers beyond 2^53 lose their last bits. */
  public double[] toDoubles() {
    double[] values = new double[length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type.read(data, i * type.size());
    }
    return values;
  }

  /** The values as float32, row-major; exact for float32, half and bfloat16. */
  public float[] toFloats() {
    float[] values = new float[length()];
    if (type == ElementType.F32) {
      data.asFloatBuffer().get(values);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) type.read(data, i * type.size());
    }
    return values;
  }

  /** Whether all values are 0. */
  boolean isZero() {
    for (int i = 0; i < length(); i++) {
      if (type.read(data, i * type.size()) != 0) {
        return false;
      }
    }
    return true;
  }

  /** A float32 tensor of these values. */
  public static Tensor of(float[] values, int from, long... shape) {
    int n = Math.toIntExact(elements(shape));
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(n, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, n);
    return new Tensor(ElementType.F32, shape, bytes);
  }
}
