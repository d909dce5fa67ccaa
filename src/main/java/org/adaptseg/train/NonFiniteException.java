package org.adaptseg.train;

import java.util.Locale;

/** A loss, a gradient or a parameter is no longer a number. */
public final class NonFiniteException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String samples;

  NonFiniteException(String what, String samples) {
    super(
        "Cannot continue training: expected finite numbers, found that %s is not finite (%s)"
            .formatted(what, samples));
    this.what = what;
    this.samples = samples;
  }

  /**
   * A worker's last message, as the driver reports it.
   *
   * @param worker index of the worker
   * @param last what ended its round
   */
  public NonFiniteException(int worker, RoundReport.Skipped last) {
    super(
        String.format(
            Locale.ROOT,
            "Cannot continue training: expected finite numbers, found that %s (worker %d); lower the learning rate, or leave such iterations out with run.on-non-finite: skip",
            last,
            worker));
    this.what = last.what();
    this.samples = last.samples();
  }

  String what() {
    return what;
  }

  String samples() {
    return samples;
  }
}
