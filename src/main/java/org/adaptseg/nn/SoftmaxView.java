package org.adaptseg.nn;

import org.adaptseg.nn.kernels.FeatureShape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The label map itself: softmax of the upsampled logits.
 *
 * @param map not closed with this
 */
public record SoftmaxView(LabelMapScores map) implements LevelView {
  @Override
  public FeatureShape shape() {
    return map.image();
  }

  @Override
  public INDArray rows() {
    return map.probabilities();
  }

  @Override
  public INDArray backward(INDArray gradRows) {
    return map.backwardProbabilities(gradRows);
  }

  @Override
  public void close() {
    // the map is its owner's
  }
}
