package org.adaptseg.config.run;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Location;
import org.adaptseg.config.yaml.Ranges;

/**
 * Where the run writes.
 *
 * @param dir run directory: a local path or the URI of a Hadoop file system
 * @param checkpointInterval iterations between checkpoints, at least 1; the end is always saved
 * @param keepCheckpoints how many of the newest checkpoints stay, at least 1
 * @param gracePeriod seconds in which a run that is asked to stop (SIGTERM) saves its state, 0 to
 *     3600
 */
public record Output(
    @Location(written = true) String dir,
    @Default("5000") long checkpointInterval,
    @Default("3") int keepCheckpoints,
    @Default("30") int gracePeriod)
    implements Serializable {
  public Output {
    new Ranges()
        .notBlank("dir", dir)
        .noPassword("dir", dir)
        .atLeast("checkpointInterval", checkpointInterval, 1)
        .atLeast("keepCheckpoints", keepCheckpoints, 1)
        .check(gracePeriod >= 0 && gracePeriod <= 3600, "gracePeriod", "0 to 3600", gracePeriod)
        .verify(Output.class);
  }

  /** With the usual grace period. */
  public Output(String dir, long checkpointInterval, int keepCheckpoints) {
    this(dir, checkpointInterval, keepCheckpoints, 30);
  }
}
