package org.adaptseg.nn;

import org.adaptseg.engine.Tensor;

/**
 * The label map itself: softmax of the upsampled logits.
 *
 * @param map not closed with this
 */
public record SoftmaxView(LabelMapScores map) implements LevelView {
  @Override
  public Tensor rows() {
    return map.probabilities();
  }

  @Override
  public Tensor backward(Tensor gradRows) {
    return map.backwardProbabilities(gradRows);
  }

  @Override
  public void close() {
    // the map is its owner's
  }
}
