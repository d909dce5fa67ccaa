package org.adaptseg.weights;

/** A file of weights that cannot be used; the message says what was expected, found and where. */
public final class WeightsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person. */
  public WeightsException(String message) {
    super(message);
  }
}
