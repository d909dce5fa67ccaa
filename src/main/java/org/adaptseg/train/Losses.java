package org.adaptseg.train;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.adaptseg.config.Level;

/**
 * The losses of one iteration, per level, before weighting by lambda and averaged over the
 * accumulated sub-iterations, in the order of the stages. A loss that the phase does not compute is
 * 0.
 */
public record Losses(Map<Level, LevelLosses> levels) implements Serializable {

  /**
   * @param segmentation cross-entropy on the source image
   * @param adversarial generator's adversarial loss on the target image
   * @param discriminator sum of the source and target halves, each weighted ½
   */
  public record LevelLosses(double segmentation, double adversarial, double discriminator)
      implements Serializable {}

  public Losses {
    levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
  }
}
