package org.adaptseg.cli;

import picocli.CommandLine.Option;

/** The option that names a checkpoint of the configuration's run. */
final class CheckpointOption {
  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      description = "Checkpoint; by default the newest complete one of the run's directory.")
  private String directory;

  /** The checkpoint named; null for the newest complete one. */
  String directory() {
    return directory;
  }
}
