package org.adaptseg.data.random;

import java.nio.charset.StandardCharsets;

/**
 * The SplitMix64 generator (Steele, Lea and Flood 2014). A generator belongs to one thread; what it
 * yields depends on its seed alone, so code that needs reproducible numbers makes one from {@link
 * #hash} of what the numbers stand for.
 */
public final class SplitMix64 {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final double DOUBLE_UNIT = 0x1.0p-53;

  private long state;

  /** A generator whose sequence is a function of {@code seed}. */
  public SplitMix64(long seed) {
    this.state = seed;
  }

  /** The finalizer of SplitMix64: a bijection of 64-bit values that scatters neighbours. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** One value from an ordered list of values, for example (seed, epoch). */
  public static long hash(long... parts) {
    long h = GAMMA;
    for (long part : parts) {
      h = mix((h ^ part) + GAMMA);
    }
    return h;
  }

  /** A seed from a base seed and a name (FNV-1a of its UTF-8 bytes, then mixed). */
  public static long hash(long seed, String name) {
    long h = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash(seed, h);
  }

  /** The next 64 uniform bits. */
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  public double nextDouble() {
    return (nextLong() >>> 11) * DOUBLE_UNIT;
  }

  /** Uniform in [low, high). */
  public double uniform(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** Uniform in 0 .. bound-1, without modulo bias; {@code bound} at least 1. */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException(
          "Cannot draw an integer: expected a bound of at least 1, found " + bound);
    }
    while (true) {
      long bits = nextLong() >>> 1;
      long value = bits % bound;
      if (bits - value + (bound - 1) >= 0) {
        return (int) value;
      }
    }
  }

  /** True with the given probability. */
  public boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /** Standard normal (sum of twelve uniforms minus six: bounded by 6, no state, equal anywhere). */
  public double nextGaussian() {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += nextDouble();
    }
    return sum;
  }
}
