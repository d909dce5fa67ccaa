package org.adaptseg.nn.layers;

/**
 * A parameter tensor of a layer.
 *
 * @param name PyTorch's name within the module, for example {@code conv1.weight}
 * @param role what it is
 * @param shape convolution weights [O, I, kH, kW], everything else [C]
 */
public record ParameterSpec(String name, Role role, long[] shape) {

  /** What a parameter is, which decides who changes it. */
  public enum Role {
    /** Convolution weight, trained. */
    WEIGHT,
    /** Convolution bias, trained. */
    BIAS,
    /** γ of a batch normalisation, frozen. */
    NORM_SCALE,
    /** β of a batch normalisation, frozen. */
    NORM_SHIFT,
    /** Running mean, changed by training-mode forwards. */
    RUNNING_MEAN,
    /** Running unbiased variance, changed by training-mode forwards. */
    RUNNING_VARIANCE;

    /** Whether an optimiser updates it. */
    public boolean trained() {
      return this == WEIGHT || this == BIAS;
    }
  }

  static ParameterSpec weight(String name, long out, long in, long kernel) {
    return new ParameterSpec(name, Role.WEIGHT, new long[] {out, in, kernel, kernel});
  }

  static ParameterSpec bias(String name, long out) {
    return new ParameterSpec(name, Role.BIAS, new long[] {out});
  }

  static java.util.List<ParameterSpec> norm(String module, long channels) {
    long[] shape = {channels};
    return java.util.List.of(
        new ParameterSpec(module + ".weight", Role.NORM_SCALE, shape),
        new ParameterSpec(module + ".bias", Role.NORM_SHIFT, shape),
        new ParameterSpec(module + ".running_mean", Role.RUNNING_MEAN, shape),
        new ParameterSpec(module + ".running_var", Role.RUNNING_VARIANCE, shape));
  }

  /** Number of values. */
  public long length() {
    long n = 1;
    for (long d : shape) {
      n *= d;
    }
    return n;
  }
}
