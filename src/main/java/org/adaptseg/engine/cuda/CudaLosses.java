package org.adaptseg.engine.cuda;

import java.util.List;
import org.adaptseg.config.GanLoss;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.host.CrossEntropy;

/**
 * The losses on the device; their values are read when they are asked for. Their gradients carry
 * the scale of losses, and so does everything that is made of these, up to the vectors that
 * gradients of parameters are added to.
 */
final class CudaLosses implements Losses {
  private static final int MOST_PARTS = 1 << 16;

  private final CudaContext context;

  CudaLosses(CudaContext context) {
    this.context = context;
  }

  /** Parts of a sum over so many values, each a thread's. */
  private static int parts(long values) {
    return (int) Math.min(MOST_PARTS, values);
  }

  private long partial(int parts) {
    return context.scratch("loss", (long) parts * Double.BYTES);
  }

  /** The sum of parts, times a factor, once it is read. */
  private Promise<Double> mean(long partial, int parts, double factor) {
    long at = context.nextScalar();
    context.sum(partial, parts, at);
    return () -> context.scalar(at) * factor;
  }

  @Override
  public Promise<Double> crossEntropy(
      Tensor scores,
      Tensor probabilities,
      byte[] labels,
      double weight,
      List<Float> classWeights,
      Tensor gradient) {
    int classes = scores.shape().channels();
    float[] ofClass = CrossEntropy.ofClasses(classes, classWeights);
    double valid = CrossEntropy.valid(labels, ofClass);
    long onDevice = context.scratch("labels", labels.length);
    long weights = context.scratch("class-weights", (long) classes * Float.BYTES);
    context.upload(onDevice, labels);
    context.upload(weights, ofClass);
    int parts = parts(labels.length);
    long partial = partial(parts);
    context.launch(
        "cross_entropy",
        parts,
        CudaTensor.address(scores),
        CudaTensor.address(probabilities),
        onDevice,
        weights,
        valid == 0 ? 0f : (float) (weight * context.lossScale() / valid),
        CudaTensor.address(gradient),
        partial,
        classes,
        parts,
        (long) labels.length);
    return mean(partial, parts, valid == 0 ? 0 : 1 / valid);
  }

  @Override
  public Promise<Double> entropy(Tensor scores, Tensor probabilities, double weight) {
    long pixels = scores.shape().pixels();
    int parts = parts(pixels);
    long partial = partial(parts);
    context.launch(
        "entropy",
        parts,
        CudaTensor.address(scores),
        CudaTensor.address(probabilities),
        weight * context.lossScale() / pixels,
        partial,
        scores.shape().channels(),
        parts,
        pixels);
    return mean(partial, parts, 1.0 / pixels);
  }

  @Override
  public void selfInformation(Tensor scores, Tensor probabilities) {
    long pixels = scores.shape().pixels();
    context.launch(
        "self_information",
        pixels,
        CudaTensor.address(scores),
        CudaTensor.address(probabilities),
        scores.shape().channels(),
        pixels);
  }

  @Override
  public void selfInformationBackward(Tensor information, Tensor probabilities, Tensor gradient) {
    long pixels = information.shape().pixels();
    context.launch(
        "self_information_backward",
        pixels,
        CudaTensor.address(information),
        CudaTensor.address(probabilities),
        CudaTensor.address(gradient),
        information.shape().channels(),
        pixels);
  }

  @Override
  public Promise<Double> adversarial(
      GanLoss objective, Side side, Tensor logits, double weight, Tensor gradient) {
    long n = logits.shape().size();
    int parts = parts(n);
    long partial = partial(parts);
    context.launch(
        "adversarial",
        parts,
        CudaTensor.address(logits),
        CudaTensor.address(gradient),
        form(objective, side),
        side == Side.TARGET ? 1f : 0f,
        weight * context.lossScale() / n,
        partial,
        parts,
        n);
    return mean(partial, parts, 1.0 / n);
  }

  /** The kernel's number of a loss. */
  private static int form(GanLoss objective, Side side) {
    return switch (objective) {
      case VANILLA -> 0;
      case LEAST_SQUARES -> 1;
      case HINGE ->
          switch (side) {
            case SOURCE -> 2;
            case TARGET -> 3;
            case FOOL -> 4;
          };
    };
  }
}
