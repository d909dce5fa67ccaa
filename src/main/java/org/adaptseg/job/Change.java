package org.adaptseg.job;

/**
 * A value that differs between what a run was made with and what it is to resume with.
 *
 * @param key of the configuration; where a file that it names differs, with the file's own key
 * @param before the value that the run was made with
 * @param now the other
 * @param effect what it does to the run's results
 */
record Change(String key, String before, String now, Effect effect) {
  /** What a change does to results. */
  enum Effect {
    /** Nothing. */
    NONE,
    /** The run's numbers are others from the change on. */
    RESULTS,
    /** The checkpoint is of another run altogether. */
    ANOTHER_RUN
  }

  /** The configuration's key, without that of a file. */
  String configurationKey() {
    return key.split(": ", 2)[0];
  }

  Change with(Effect other) {
    return new Change(key, before, now, other);
  }

  /** For a person. */
  @Override
  public String toString() {
    return "%s: was %s, is now %s".formatted(key, before, now);
  }
}
