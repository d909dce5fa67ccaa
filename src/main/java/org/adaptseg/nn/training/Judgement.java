package org.adaptseg.nn.training;

import org.adaptseg.config.Adaptation;
import org.adaptseg.config.DiscriminatorInput;
import org.adaptseg.config.RunConfig;

/**
 * What the discriminators see of the generator.
 *
 * @param space label maps or features
 * @param input form of the label maps
 * @param featureStride features are upsampled to the image's size divided by this
 * @param alignCorners how logits and features are upsampled
 */
public record Judgement(
    Adaptation space, DiscriminatorInput input, int featureStride, boolean alignCorners) {
  /** As a configuration says. */
  public static Judgement of(RunConfig config) {
    return new Judgement(
        config.loss().adaptation(),
        config.loss().discriminatorInput(),
        config.loss().featureStride(),
        config.model().alignCorners());
  }
}
