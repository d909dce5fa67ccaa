package org.adaptseg.engine;

import java.util.function.Function;

/**
 * A value that is computed on the engine's device and read once it is needed: an engine may still
 * be computing when it gives one.
 *
 * @param <T> what is promised
 */
public interface Promise<T> {
  /** Feature maps, or gradients of them, had values that their type does not hold. */
  final class OverflowException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * Found when something is read.
     *
     * @param what which values and which setting they depend on
     */
    public OverflowException(String what) {
      super("Cannot compute: expected finite numbers, found that " + what + " is not finite");
      this.what = what;
    }

    /** Which values and which setting they depend on. */
    public String what() {
      return what;
    }
  }

  /**
   * The value; waits for it where it must.
   *
   * @throws OverflowException if a map that was computed since anything was read overflowed,
   *     whether the value depends on it or not
   */
  T get();

  /** A value that is there. */
  static <T> Promise<T> of(T value) {
    return () -> value;
  }

  /** What a function makes of the value once it is read. */
  default <R> Promise<R> map(Function<T, R> function) {
    return () -> function.apply(get());
  }
}
