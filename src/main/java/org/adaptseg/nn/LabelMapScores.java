package org.adaptseg.nn;

import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Upsampling;
import org.adaptseg.nn.layers.LayerContext;

/**
 * One level's predictions at image size: logits upsampled (bilinear, aligned corners) and their
 * softmax, as rows of pixels [H·W, classes]; and the way back to the logits.
 */
public final class LabelMapScores implements AutoCloseable {
  /** Name of the rows that hold a label map for a moment. */
  static final String SCRATCH = "label-map-rows";

  private final LayerContext context;
  private final Engine engine;
  private final FeatureShape image;
  private final Upsampling upsampling;
  private final Tensor small;
  private final Tensor probabilities;
  private final Tensor gradient;
  private boolean gradientPending;
  private Tensor further;

  /**
   * @param logits shape of the logits
   * @param height of the image
   * @param width of the image
   * @param context scores are computed in memory of it
   * @param alignCorners how logits are upsampled
   */
  public LabelMapScores(
      LayerContext context, FeatureShape logits, int height, int width, boolean alignCorners) {
    this.context = context;
    this.engine = context.engine();
    this.image = new FeatureShape(logits.images(), logits.channels(), height, width);
    this.upsampling = engine.upsampling(logits, height, width, alignCorners);
    this.small = engine.tensor(Tensor.Kind.LOGITS, logits);
    this.probabilities = engine.tensor(Tensor.Kind.PIXELS, image);
    this.gradient = engine.tensor(Tensor.Kind.LOGITS, logits);
  }

  /** With aligned corners, as in the paper. */
  public LabelMapScores(Engine engine, FeatureShape logits, int height, int width) {
    this(new LayerContext(engine), logits, height, width, true);
  }

  /** Takes the logits of a forward. */
  public void read(Tensor logits) {
    read(logits, probabilities);
  }

  /**
   * Like the other overload, but keeps the upsampled logits as well as their softmax.
   *
   * @param scores [pixels, classes], overwritten
   */
  void read(Tensor logits, Tensor scores) {
    gradientPending = false;
    engine.elementwise().copy(logits, small);
    upsampling.forward(small, scores);
    engine.elementwise().softmax(scores, probabilities);
  }

  /** N, C, H, W at image size. */
  public FeatureShape image() {
    return image;
  }

  /**
   * Upsampled logits, [pixels, classes], computed again: they are needed once, and are as large as
   * the probabilities. Valid until the next label map of this context.
   */
  public Tensor scores() {
    Tensor scores = context.pixels(SCRATCH, image);
    upsampling.forward(small, scores);
    return scores;
  }

  /** Their softmax, [pixels, classes]. */
  public Tensor probabilities() {
    return probabilities;
  }

  /**
   * Gradient of the logits from a gradient of the scores. Gradients of several losses since the
   * last forward was read add up.
   */
  public Tensor backwardScores(Tensor gradScores) {
    if (!gradientPending) {
      upsampling.backward(gradScores, gradient);
      gradientPending = true;
      return gradient;
    }
    if (further == null) {
      further = engine.tensor(Tensor.Kind.LOGITS, gradient.shape());
    }
    upsampling.backward(gradScores, further);
    engine.elementwise().add(gradient, further);
    return gradient;
  }

  /** As {@link #backwardScores}, from a gradient of the probabilities, which is overwritten. */
  public Tensor backwardProbabilities(Tensor gradProbabilities) {
    engine.elementwise().softmaxBackward(probabilities, gradProbabilities, gradProbabilities);
    return backwardScores(gradProbabilities);
  }

  @Override
  public void close() {
    upsampling.close();
    small.close();
    probabilities.close();
    gradient.close();
    if (further != null) {
      further.close();
    }
  }
}
