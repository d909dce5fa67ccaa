package org.adaptseg.config;

import java.io.Serializable;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Location;
import org.adaptseg.config.yaml.Ranges;

/**
 * When and how the run is evaluated.
 *
 * @param interval iterations between evaluations; the end is always evaluated, 0 means only it
 * @param classes a label space (a shipped name or the path of a .yaml file) some of whose classes
 *     the scores are averaged over, see {@link ClassSet}; all of the head's by default
 * @param batchNorm which statistics normalise when scores are computed
 * @param batchNormImages target images that {@code batch-norm: target} takes statistics from, at
 *     even distances in the split; all where it has fewer
 */
public record Evaluation(
    @Default("5000") long interval,
    @Location(orName = true) @Default("''") String classes,
    @Default("running") BatchNorm batchNorm,
    @Default("100") int batchNormImages)
    implements Serializable {
  public Evaluation {
    new Ranges()
        .atLeast("interval", interval, 0)
        .atLeast("batchNormImages", batchNormImages, 1)
        .verify(Evaluation.class);
  }

  /** Where the statistics of batch normalisation at evaluation come from. */
  public enum BatchNorm {
    /** The running statistics of training. */
    RUNNING,
    /**
     * Images of {@code data.target}, without labels: the average of each image's mean and unbiased
     * variance, with the weights as they are (AdaBN). Checkpoints, pictures and {@code predict}
     * keep the running ones.
     */
    TARGET
  }
}
