package org.adaptseg.report;

import java.util.List;
import java.util.Locale;
import org.adaptseg.config.ClassSet;
import org.adaptseg.config.Evaluation;
import org.adaptseg.config.RunConfig;

/**
 * What a score says of itself, without which it could be taken for another.
 *
 * @param classes what the mean is over
 * @param dataset the dataset that was scored, and its split
 * @param training what the network was trained on, and on which target images the statistics of
 *     batch normalisation were re-estimated if they were
 * @param selection which checkpoint it is, and by what it was chosen
 * @param views how images were looked at; {@value #PLAIN} where as in training
 */
public record ScoreNotes(
    ClassSet classes, String dataset, String training, String selection, String views) {
  /** Whole images, once. */
  public static final String PLAIN = "plain";

  /** The selection that counts. */
  public static final String LAST = "last checkpoint";

  /** The selection that looks at the labels that it is scored on. */
  public static final String BEST =
      "best checkpoint on target validation, chosen with target labels";

  /** Notes of a run's score. */
  public static ScoreNotes of(RunConfig config, ClassSet classes, String selection) {
    List<String> phases =
        config.schedule().phases().stream()
            .map(RunConfig.PhasePlan::phase)
            .distinct()
            .map(p -> p.labelledTargets() ? p.key() + ": trained on target labels" : p.key())
            .toList();
    RunConfig.Domain scored = config.data().evaluation();
    Evaluation evaluation = config.evaluation();
    String statistics =
        evaluation.batchNorm() == Evaluation.BatchNorm.RUNNING
            ? ""
            : String.format(
                Locale.ROOT,
                "; batch-norm statistics of %d target images",
                evaluation.batchNormImages());
    return new ScoreNotes(
        classes,
        "%s, split %s".formatted(scored.title(), scored.split()),
        String.join(", then ", phases) + sources(config) + statistics,
        selection,
        PLAIN);
  }

  /** The notes of a score whose images were looked at in this way. */
  public ScoreNotes seen(String how) {
    return new ScoreNotes(classes, dataset, training, selection, how);
  }

  /** A few labelled target images among many source ones make another experiment. */
  private static String sources(RunConfig config) {
    List<RunConfig.Domain> sources = config.data().source();
    return sources.size() == 1 ? "" : "; labels of " + RunConfig.Domain.datasets(sources);
  }

  /** One line for people. */
  public String line() {
    String seen = views.equals(PLAIN) ? "" : "; images seen: " + views;
    return "%s; on %s; %s; %s%s".formatted(classes.protocol(), dataset, training, selection, seen);
  }
}
