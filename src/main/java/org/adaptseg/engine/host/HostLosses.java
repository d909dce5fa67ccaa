package org.adaptseg.engine.host;

import java.util.List;
import org.adaptseg.config.GanLoss;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;

/** The losses over tensors in the processor's memory; what they promise is there. */
public final class HostLosses implements Losses {
  private static Rows rows(Tensor pixels) {
    return new Rows(
        HostTensor.pointer(pixels),
        Math.toIntExact(pixels.shape().pixels()),
        pixels.shape().channels());
  }

  @Override
  public Promise<Double> crossEntropy(
      Tensor scores,
      Tensor probabilities,
      byte[] labels,
      double weight,
      List<Float> classWeights,
      Tensor gradient) {
    return Promise.of(
        CrossEntropy.at(
            rows(scores), rows(probabilities), labels, weight, classWeights, rows(gradient)));
  }

  @Override
  public Promise<Double> entropy(Tensor scores, Tensor probabilities, double weight) {
    return Promise.of(Entropy.at(rows(scores), rows(probabilities), weight));
  }

  @Override
  public void selfInformation(Tensor scores, Tensor probabilities) {
    SelfInformation.of(rows(scores), rows(probabilities));
  }

  @Override
  public void selfInformationBackward(Tensor information, Tensor probabilities, Tensor gradient) {
    SelfInformation.backward(rows(information), rows(probabilities), rows(gradient));
  }

  @Override
  public Promise<Double> adversarial(
      GanLoss objective, Side side, Tensor logits, double weight, Tensor gradient) {
    AdversarialLoss.Value value = new AdversarialLoss(objective).at(side, logits.read(), weight);
    gradient.write(value.gradient());
    return Promise.of(value.loss());
  }
}
