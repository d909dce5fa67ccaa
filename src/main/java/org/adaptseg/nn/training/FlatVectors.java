package org.adaptseg.nn.training;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between flat native vectors and Java arrays. */
final class FlatVectors {
  private FlatVectors() {}

  static float[] copy(INDArray flat) {
    float[] values = new float[Math.toIntExact(flat.length())];
    new FloatPointer(flat.data().addressPointer()).get(values);
    return values;
  }

  /**
   * Whether every value is a number: one of magnitudes' sums is not, otherwise. One pass in native
   * code.
   */
  static boolean areFinite(INDArray flat) {
    return Double.isFinite(flat.norm1Number().doubleValue());
  }

  static void assign(INDArray flat, float[] values, String name) {
    if (flat.length() != values.length) {
      throw new IllegalArgumentException(
          "Cannot load %s: expected %d values, found %d"
              .formatted(name, flat.length(), values.length));
    }
    new FloatPointer(flat.data().addressPointer()).put(values);
  }
}
