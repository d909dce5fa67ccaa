package org.adaptseg.nn.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Adaptation;
import org.adaptseg.config.Level;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;
import org.adaptseg.nn.FeatureView;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.LabelMapScores;
import org.adaptseg.nn.LevelView;
import org.adaptseg.nn.SelfInformationView;
import org.adaptseg.nn.SoftmaxView;
import org.adaptseg.nn.layers.LayerContext;

/**
 * The label maps that the generator predicts for a batch of images, on every level, and the
 * gradients that losses on them leave for {@link GeneratorTrainer#backward}. Valid until the next
 * prediction for the same domain and size.
 */
public final class Predictions implements AutoCloseable {
  private final Engine engine;
  private final Generator generator;
  private final Judgement judgement;
  private final Map<Level, LabelMapScores> maps = new LinkedHashMap<>();
  private final Map<Level, LevelView> views = new LinkedHashMap<>();
  private final Map<Level, Tensor> gradients = new LinkedHashMap<>();
  private final Map<Level, Tensor> featureGradients = new LinkedHashMap<>();

  Predictions(
      Generator generator,
      LayerContext context,
      Judgement judgement,
      Map<Level, Tensor> logits,
      int h,
      int w) {
    this.engine = context.engine();
    this.generator = generator;
    this.judgement = judgement;
    boolean corners = judgement.alignCorners();
    int stride = judgement.featureStride();
    logits.forEach(
        (level, l) -> {
          var map = new LabelMapScores(context, l.shape(), h, w, corners);
          maps.put(level, map);
          views.put(
              level,
              switch (judgement.space()) {
                case FEATURE ->
                    new FeatureView(
                        engine, generator.features(level).shape(), h / stride, w / stride, corners);
                case OUTPUT ->
                    switch (judgement.input()) {
                      case SOFTMAX -> new SoftmaxView(map);
                      case WEIGHTED_SELF_INFORMATION -> new SelfInformationView(engine, map);
                    };
              });
        });
  }

  void read(Map<Level, Tensor> logits) {
    gradients.clear();
    featureGradients.clear();
    logits.forEach(
        (level, l) -> {
          if (views.get(level) instanceof SelfInformationView information) {
            information.read(l);
          } else {
            maps.get(level).read(l);
          }
        });
    views.forEach(
        (level, view) -> {
          if (view instanceof FeatureView features) {
            features.read(generator.features(level));
          }
        });
  }

  /** What the level's discriminator sees. */
  LevelView view(Level level) {
    return views.get(level);
  }

  /**
   * Cross-entropy of a level against labels, and its weighted gradient.
   *
   * @param labels train ids image by image and row by row, 255 ignored
   * @param weight at 0 no gradient is taken
   * @param classWeights weight of every class, or empty where all weigh 1
   * @return the unweighted loss
   */
  public Promise<Double> segmentationLoss(
      Level level, byte[] labels, double weight, List<Float> classWeights) {
    LabelMapScores map = maps.get(level);
    // The scores are read for the last time, so their gradient takes their place.
    Tensor scores = map.scores();
    Promise<Double> loss =
        engine
            .losses()
            .crossEntropy(scores, map.probabilities(), labels, weight, classWeights, scores);
    if (weight != 0) {
      gradients.put(level, map.backwardScores(scores));
    }
    return loss;
  }

  /**
   * Entropy of a level's predictions, and its weighted gradient.
   *
   * @param weight above 0
   * @return the unweighted loss, 0 (certain) to 1 (undecided)
   */
  public Promise<Double> entropyLoss(Level level, double weight) {
    LabelMapScores map = maps.get(level);
    Tensor scores = map.scores();
    Promise<Double> loss = engine.losses().entropy(scores, map.probabilities(), weight);
    gradients.put(level, map.backwardScores(scores));
    return loss;
  }

  /** Takes the gradient of a loss on what a discriminator saw; {@code gradient} is overwritten. */
  void adversarialGradient(Level level, Tensor gradient) {
    (judgement.space() == Adaptation.OUTPUT ? gradients : featureGradients)
        .put(level, views.get(level).backward(gradient));
  }

  Map<Level, Tensor> gradients() {
    return gradients;
  }

  Map<Level, Tensor> featureGradients() {
    return featureGradients;
  }

  @Override
  public void close() {
    views.values().forEach(LevelView::close);
    maps.values().forEach(LabelMapScores::close);
  }
}
