package org.adaptseg.nn.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.LabelMapScores;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.loss.CrossEntropy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The label maps that the generator predicts for one image, on every level, and the gradients that
 * losses on them leave for {@link GeneratorTrainer#backward}. Valid until the next prediction for
 * the same domain and size.
 */
public final class Predictions implements AutoCloseable {
  private final Map<Level, LabelMapScores> maps = new LinkedHashMap<>();
  private final Map<Level, INDArray> gradients = new LinkedHashMap<>();

  Predictions(Generator generator, Kernels kernels, Map<Level, INDArray> logits, int h, int w) {
    logits.forEach(
        (level, l) -> maps.put(level, new LabelMapScores(kernels, generator.logitsShape(l), h, w)));
  }

  void read(Map<Level, INDArray> logits) {
    gradients.clear();
    logits.forEach((level, l) -> maps.get(level).read(l));
  }

  /** N, C, H, W of the label maps. */
  FeatureShape shape() {
    return maps.get(Level.MAIN).image();
  }

  INDArray probabilities(Level level) {
    return maps.get(level).probabilities();
  }

  /**
   * Cross-entropy of a level against labels, and its weighted gradient.
   *
   * @param labels train ids row by row, 255 ignored
   * @param weight at 0 no gradient is taken
   * @return the unweighted loss
   */
  public double segmentationLoss(Level level, byte[] labels, double weight) {
    LabelMapScores map = maps.get(level);
    // The scores are read for the last time, so their gradient takes their place.
    double loss = CrossEntropy.at(map.scores(), map.probabilities(), labels, weight, map.scores());
    if (weight != 0) {
      gradients.put(level, map.backwardScores(map.scores()));
    }
    return loss;
  }

  /** Takes the gradient of a loss on a level's probabilities; {@code gradient} is overwritten. */
  void adversarialGradient(Level level, INDArray gradient) {
    gradients.put(level, maps.get(level).backwardProbabilities(gradient));
  }

  Map<Level, INDArray> gradients() {
    return gradients;
  }

  @Override
  public void close() {
    maps.values().forEach(LabelMapScores::close);
  }
}
