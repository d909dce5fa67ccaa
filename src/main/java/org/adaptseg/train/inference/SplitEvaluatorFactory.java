package org.adaptseg.train.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Model;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.training.Segmenter;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;

/**
 * Evaluates the generator on a labelled split: predictions at the stored label size, counted with
 * their probabilities against the labels.
 *
 * @param model sizes of the networks
 * @param arithmetic what numbers are computed in and with
 * @param classes number of classes
 * @param scored classes that scores are averaged over
 * @param split labelled split
 * @param views how images are looked at
 * @param hadoop how workers reach file systems
 */
public record SplitEvaluatorFactory(
    Model model,
    Arithmetic arithmetic,
    int classes,
    List<Integer> scored,
    SplitPlan split,
    Views views,
    HadoopSettings hadoop)
    implements EvaluatorFactory {
  public SplitEvaluatorFactory {
    scored = List.copyOf(scored);
  }

  /** Images are looked at once, whole. */
  public SplitEvaluatorFactory(
      Model model,
      Arithmetic arithmetic,
      int classes,
      List<Integer> scored,
      SplitPlan split,
      HadoopSettings hadoop) {
    this(model, arithmetic, classes, scored, split, Views.PLAIN, hadoop);
  }

  @Override
  public int size() {
    return split.size();
  }

  @Override
  public Evaluator create(LearnerState state) {
    try {
      return new SplitEvaluator(
          split.open(hadoop.configuration()),
          split,
          views,
          Engines.images(arithmetic),
          new ViewedSegmenter(
              () ->
                  new Segmenter(
                      Networks.architecture(model, classes),
                      state.values(StateNames.GENERATOR_PARAMETERS),
                      model.alignCorners(),
                      arithmetic),
              views),
          new ConfusionMatrix(classes, LabelImage.IGNORE, scored));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
