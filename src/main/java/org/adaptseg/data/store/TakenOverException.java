package org.adaptseg.data.store;

/**
 * Another process writes the directory that this one had claimed; nothing more is written there.
 */
public final class TakenOverException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  TakenOverException(String message) {
    super(message);
  }
}
