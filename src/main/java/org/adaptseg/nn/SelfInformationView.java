package org.adaptseg.nn;

import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Tensor;

/**
 * The weighted self-information of a label map (Vu et al. 2019), see {@link
 * Losses#selfInformation}.
 */
public final class SelfInformationView implements LevelView {
  private final Losses losses;
  private final LabelMapScores map;
  private final Tensor information;
  private boolean holdsScores;

  /**
   * @param map not closed with this; read through {@link #read} only
   */
  public SelfInformationView(Engine engine, LabelMapScores map) {
    this.losses = engine.losses();
    this.map = map;
    this.information = engine.tensor(Tensor.Kind.PIXELS, map.image());
  }

  /** Takes the logits of a forward, for the label map as well. */
  public void read(Tensor logits) {
    map.read(logits, information);
    holdsScores = true;
  }

  @Override
  public Tensor rows() {
    if (holdsScores) {
      losses.selfInformation(information, map.probabilities());
      holdsScores = false;
    }
    return information;
  }

  @Override
  public Tensor backward(Tensor gradRows) {
    losses.selfInformationBackward(rows(), map.probabilities(), gradRows);
    return map.backwardScores(gradRows);
  }

  @Override
  public void close() {
    information.close();
  }
}
