package org.adaptseg.nn;

import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.loss.SelfInformation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The weighted self-information of a label map (Vu et al. 2019), see {@link SelfInformation}. */
public final class SelfInformationView implements LevelView {
  private final LabelMapScores map;
  private final INDArray information;
  private boolean holdsScores;

  /**
   * @param map not closed with this; read through {@link #read} only
   */
  public SelfInformationView(LabelMapScores map) {
    this.map = map;
    this.information = map.probabilities().ulike();
  }

  /** Takes the logits of a forward, in the kernels' layout, for the label map as well. */
  public void read(INDArray logits) {
    map.read(logits, information);
    holdsScores = true;
  }

  @Override
  public FeatureShape shape() {
    return map.image();
  }

  @Override
  public INDArray rows() {
    if (holdsScores) {
      SelfInformation.of(information, map.probabilities());
      holdsScores = false;
    }
    return information;
  }

  @Override
  public INDArray backward(INDArray gradRows) {
    SelfInformation.backward(rows(), map.probabilities(), gradRows);
    return map.backwardScores(gradRows);
  }

  @Override
  public void close() {
    information.close();
  }
}
