package org.adaptseg.engine;

import java.util.function.Function;

/**
 * A value that is computed on the engine's device and read once it is needed: an engine may still
 * be computing when it gives one.
 *
 * @param <T> what is promised
 */
public interface Promise<T> {
  /** The value; waits for it where it must. */
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
