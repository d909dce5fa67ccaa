package org.adaptseg.nn;

import org.adaptseg.nn.layers.ParameterSpec;

/**
 * Where a tensor is in a network's flat vectors.
 *
 * @param key PyTorch's name, for example {@code layer1.0.conv2.weight}
 * @param role what it is
 * @param head whether it belongs to a classification head
 * @param offset first value in the flat vector
 * @param shape tensor shape, row-major
 */
public record ParameterSlice(
    String key, ParameterSpec.Role role, boolean head, long offset, long[] shape) {

  /** Number of values. */
  public long length() {
    long n = 1;
    for (long d : shape) {
      n *= d;
    }
    return n;
  }

  /**
   * How often the released code's parameter list names this tensor: the convolutions of a residual
   * block three times and those of a shortcut four times.
   */
  public int duplicates() {
    if (role != ParameterSpec.Role.WEIGHT || head || !key.startsWith("layer")) {
      return 1;
    }
    return key.contains(".downsample.") ? 4 : 3;
  }
}
