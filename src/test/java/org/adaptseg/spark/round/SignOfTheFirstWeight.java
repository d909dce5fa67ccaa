package org.adaptseg.spark.round;

import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.inference.Evaluator;
import org.adaptseg.train.inference.EvaluatorFactory;

/** Evaluates a state by one weight: a split of four images of one pixel. */
public record SignOfTheFirstWeight() implements EvaluatorFactory {
  @Override
  public int size() {
    return 4;
  }

  @Override
  public Evaluator create(LearnerState state) {
    byte predicted = (byte) (state.vectors().get(0).values()[0] > 0 ? 1 : 0);
    return new Evaluator() {
      @Override
      public ConfusionMatrix evaluate(int index) {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        matrix.add(new byte[] {1}, new byte[] {predicted});
        return matrix;
      }

      @Override
      public void close() {}
    };
  }
}
