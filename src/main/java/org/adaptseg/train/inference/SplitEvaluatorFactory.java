package org.adaptseg.train.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Model;
import org.adaptseg.data.Sample;
import org.adaptseg.data.Split;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.training.Segmenter;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;

/**
 * Evaluates the generator on a labelled split: main logits upsampled to the stored label size,
 * arg-max, counted against the labels.
 *
 * @param model sizes of the networks
 * @param arithmetic what numbers are computed in and with
 * @param classes number of classes
 * @param scored classes that scores are averaged over
 * @param split labelled split
 * @param hadoop how workers reach file systems
 */
public record SplitEvaluatorFactory(
    Model model,
    Arithmetic arithmetic,
    int classes,
    List<Integer> scored,
    SplitPlan split,
    HadoopSettings hadoop)
    implements EvaluatorFactory {
  public SplitEvaluatorFactory {
    scored = List.copyOf(scored);
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
          new Segmenter(
              Networks.architecture(model, classes),
              state.values(StateNames.GENERATOR_PARAMETERS),
              model.alignCorners(),
              arithmetic),
          new ConfusionMatrix(classes, LabelImage.IGNORE, scored));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private record SplitEvaluator(Split split, Segmenter segmenter, ConfusionMatrix empty)
      implements Evaluator {
    @Override
    public ConfusionMatrix evaluate(int index) throws IOException {
      Sample.Unlabelled sample = split.unlabelled(index);
      LabelImage truth = split.originalLabels(index);
      var image = sample.image();
      byte[] predicted =
          segmenter.predict(
              image.chw(), image.height(), image.width(), truth.height(), truth.width());
      ConfusionMatrix matrix = empty.emptied();
      matrix.add(truth.values(), predicted);
      return matrix;
    }

    @Override
    public void close() {
      segmenter.close();
      try {
        split.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
