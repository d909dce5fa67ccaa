package org.adaptseg.spark;

import static org.adaptseg.spark.round.RoundRunnerTest.await;
import static org.adaptseg.spark.round.RoundRunnerTest.stateBroadcasts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.adaptseg.train.inference.Evaluator;
import org.adaptseg.train.inference.EvaluatorFactory;
import org.junit.jupiter.api.Test;

class DistributedEvaluationTest {
  private static final AtomicInteger OPEN = new AtomicInteger();
  private static final LearnerState STATE =
      new LearnerState(
          List.of(
              new Vector("generator.parameters", new float[] {1f, 0f, 2f}),
              // Large enough to be told from the code of a stage, which Spark broadcasts too.
              new Vector("generator.velocity", new float[5000])));

  /** Image i has i + 1 pixels of class i mod 3; the state says what each class is taken for. */
  record Classes(int size) implements EvaluatorFactory {
    @Override
    public Evaluator create(LearnerState state) {
      OPEN.incrementAndGet();
      return new Evaluator() {
        @Override
        public ConfusionMatrix evaluate(int index) {
          byte[] truth = new byte[index + 1];
          byte[] predicted = new byte[index + 1];
          java.util.Arrays.fill(truth, (byte) (index % 3));
          java.util.Arrays.fill(predicted, (byte) state.vectors().get(0).values()[index % 3]);
          ConfusionMatrix matrix = new ConfusionMatrix(3);
          matrix.add(truth, predicted);
          return matrix;
        }

        @Override
        public void close() {
          OPEN.decrementAndGet();
        }
      };
    }
  }

  @Test
  void everyImageIsCountedOnceHoweverManyTasksShareThem() {
    // Images of 1..7 pixels: class 0 has 1 + 4 + 7, class 1 has 2 + 5, class 2 has 3 + 6.
    long[][] expected = {{0, 12, 0}, {7, 0, 0}, {0, 0, 9}};
    Map<String, String> kryo =
        Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    for (Map<String, String> settings : List.of(Map.<String, String>of(), kryo)) {
      try (LocalSpark spark = LocalSpark.start("local[2]", settings)) {
        for (int tasks : new int[] {1, 2, 3, 7, 20}) {
          ConfusionMatrix matrix =
              new DistributedEvaluation(spark.context(), new Classes(7), tasks)
                  .evaluate(STATE, "evaluation");
          assertThat(matrix.toArray()).as("%d tasks", tasks).isDeepEqualTo(expected);
        }
        await(() -> stateBroadcasts() == 0);
        assertThat(stateBroadcasts()).isZero();
        assertThat(OPEN).hasValue(0);
      }
    }
  }

  @Test
  void refusesAnEmptySplit() {
    assertThatThrownBy(() -> new DistributedEvaluation(null, new Classes(0), 2))
        .hasMessage("Cannot evaluate: expected at least 1 image and 1 task, found 0 and 2");
  }
}
