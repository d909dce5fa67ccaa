package org.adaptseg.job;

import java.util.List;

/**
 * A run of a plan that compares several.
 *
 * @param name of the variant; variants are compared over seeds
 * @param seed of the run
 * @param overrides what it changes in the base configuration
 */
public record PlannedRun(String name, long seed, List<String> overrides) {
  public PlannedRun {
    overrides = List.copyOf(overrides);
  }

  /** Name of its run directory. */
  public String directory() {
    return directory(name, seed);
  }

  static String directory(String name, long seed) {
    return name + "-seed" + seed;
  }
}
