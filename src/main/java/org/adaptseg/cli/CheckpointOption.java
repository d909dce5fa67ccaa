package org.adaptseg.cli;

import picocli.CommandLine.Option;

/** The option that names a checkpoint of the configuration's run. */
final class CheckpointOption {
  @Option(
      converter = LocationConverter.class,
      names = "--checkpoint",
      paramLabel = "DIR",
      description = "Checkpoint; default: the newest complete one in the run directory.")
  private String directory;

  /** The checkpoint named; null for the newest complete one. */
  String directory() {
    return directory;
  }
}
