package org.adaptseg.job;

import java.util.List;
import java.util.Optional;

/**
 * A run of a plan that compares several.
 *
 * @param name of the variant; variants are compared over seeds
 * @param seed of the run
 * @param overrides what it changes in the base configuration
 * @param twin an earlier run that trains the same and is scored otherwise, so that its network may
 *     be taken
 */
public record PlannedRun(
    String name, long seed, List<String> overrides, Optional<PlannedRun> twin) {
  public PlannedRun {
    overrides = List.copyOf(overrides);
  }

  /** A run that no other has the training of. */
  public PlannedRun(String name, long seed, List<String> overrides) {
    this(name, seed, overrides, Optional.empty());
  }

  /** Name of its run directory. */
  public String directory() {
    return directory(name, seed);
  }

  static String directory(String name, long seed) {
    return name + "-seed" + seed;
  }
}
