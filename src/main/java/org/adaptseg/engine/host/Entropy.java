package org.adaptseg.engine.host;

/**
 * Entropy of predictions over that of an undecided one, −Σ_c p_c log p_c / log C, mean over all
 * pixels: MinEnt's loss (Vu et al. 2019, section 3.1).
 */
public final class Entropy {
  private Entropy() {}

  /**
   * Loss, and its gradient with respect to the scores, I_c − p_c Σ I over the pixels (I is the
   * {@link SelfInformation}).
   *
   * @param scores overwritten by the gradient
   * @param probabilities their softmax
   * @param weight factor of the gradient; the loss is unweighted
   */
  public static double at(Rows scores, Rows probabilities, double weight) {
    long pixels = scores.pixels();
    double factor = weight / pixels;
    double sum =
        SelfInformation.walk(
            scores,
            probabilities,
            scores,
            (chunk, n) -> {
              double part = 0;
              for (int i = 0; i < n; i++) {
                int row = i * chunk.classes;
                double entropy = chunk.information(row);
                chunk.subtractAndScale(row, entropy, factor);
                part += entropy;
              }
              return part;
            });
    return sum / pixels;
  }
}
