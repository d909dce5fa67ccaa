package org.adaptseg.nn;

import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.Upsampling;
import org.adaptseg.nn.layers.LayerContext;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One level's predictions at image size: logits upsampled (bilinear, aligned corners) and their
 * softmax, as rows of pixels [H·W, classes]; and the way back to the logits.
 */
public final class LabelMapScores implements AutoCloseable {
  /** Name of the rows that hold a label map for a moment. */
  static final String SCRATCH = "label-map-rows";

  private final LayerContext context;
  private final Kernels kernels;
  private final FeatureShape image;
  private final Upsampling upsampling;
  private final INDArray small;
  private final INDArray probabilities;
  private final INDArray gradient;
  private boolean gradientPending;
  private INDArray further;

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
    this.kernels = context.kernels();
    this.image = new FeatureShape(logits.images(), logits.channels(), height, width);
    this.upsampling = kernels.upsampling(logits, height, width, alignCorners);
    this.small = Nd4j.create(kernels.dataType(), kernels.activationShape(logits));
    this.probabilities = Nd4j.create(kernels.dataType(), image.pixels(), logits.channels());
    this.gradient = Nd4j.create(kernels.dataType(), kernels.activationShape(logits));
  }

  /** With aligned corners, as in the paper. */
  public LabelMapScores(Kernels kernels, FeatureShape logits, int height, int width) {
    this(new LayerContext(kernels), logits, height, width, true);
  }

  /** Takes the logits of a forward, in the kernels' layout. */
  public void read(INDArray logits) {
    read(logits, probabilities);
  }

  /**
   * Like the other overload, but keeps the upsampled logits as well as their softmax.
   *
   * @param scores [pixels, classes], overwritten
   */
  void read(INDArray logits, INDArray scores) {
    gradientPending = false;
    small.assign(logits);
    upsampling.forward(small, scores);
    kernels.elementwise().softmax(scores, probabilities);
  }

  /** N, C, H, W at image size. */
  public FeatureShape image() {
    return image;
  }

  /**
   * Upsampled logits, [pixels, classes], computed again: they are needed once, and are as large as
   * the probabilities. Valid until the next label map of this context.
   */
  public INDArray scores() {
    INDArray scores = context.rows(SCRATCH, image.pixels(), image.channels());
    upsampling.forward(small, scores);
    return scores;
  }

  /** Their softmax, [pixels, classes]. */
  public INDArray probabilities() {
    return probabilities;
  }

  /**
   * Gradient of the logits from a gradient of the scores. Gradients of several losses since the
   * last forward was read add up.
   */
  public INDArray backwardScores(INDArray gradScores) {
    if (!gradientPending) {
      upsampling.backward(gradScores, gradient);
      gradientPending = true;
      return gradient;
    }
    if (further == null) {
      further = gradient.ulike();
    }
    upsampling.backward(gradScores, further);
    kernels.elementwise().add(gradient, further);
    return gradient;
  }

  /** As {@link #backwardScores}, from a gradient of the probabilities, which is overwritten. */
  public INDArray backwardProbabilities(INDArray gradProbabilities) {
    kernels.elementwise().softmaxBackward(probabilities, gradProbabilities, gradProbabilities);
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
