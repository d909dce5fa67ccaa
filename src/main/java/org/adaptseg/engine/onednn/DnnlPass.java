package org.adaptseg.engine.onednn;

import java.util.List;
import java.util.function.Supplier;
import org.adaptseg.engine.ConvolutionShape;

/** One of the computations of a convolution, by one primitive. */
interface DnnlPass extends AutoCloseable {
  /** oneDNN's name of the kernel, for example {@code jit:avx512_common}. */
  String implementation();

  @Override
  void close();

  /**
   * The first way with a dedicated kernel, else the first that works at all: oneDNN's reference
   * implementation is a thousand times slower, its general matrix product four times.
   */
  static <T extends DnnlPass> T choose(ConvolutionShape shape, List<Supplier<T>> ways) {
    T fallback = null;
    RuntimeException failure = null;
    for (Supplier<T> way : ways) {
      T pass;
      try {
        pass = way.get();
      } catch (RuntimeException e) {
        failure = e;
        continue;
      }
      if (isFast(pass)) {
        if (fallback != null) {
          fallback.close();
        }
        return pass;
      }
      if (fallback == null || rank(pass) < rank(fallback)) {
        fallback = pass;
      }
    }
    if (fallback == null) {
      throw new IllegalStateException(
          "Cannot compute a convolution: oneDNN has no implementation for " + shape, failure);
    }
    return fallback;
  }

  /** Whether the pass has a dedicated kernel. */
  static boolean isFast(DnnlPass pass) {
    return rank(pass) == 0;
  }

  private static int rank(DnnlPass pass) {
    String name = pass.implementation();
    return name.startsWith("ref") ? 2 : name.contains("gemm") ? 1 : 0;
  }
}
