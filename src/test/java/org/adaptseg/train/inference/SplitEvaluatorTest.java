package org.adaptseg.train.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.ClassSet;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.LearnerState;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SplitEvaluatorTest {
  private static SplitEvaluatorFactory factory;
  private static LearnerState state;

  @BeforeAll
  static void train() throws IOException {
    RunConfig config = TinyRun.config();
    ResolvedData data = ResolvedData.of(config.data());
    LabelSpace space = data.classes();
    SplitPlan split =
        SplitPlan.prepare(
            data.evaluation(),
            config.data().evaluation(),
            space,
            SplitPlan.Labels.NEEDED,
            1,
            config.data().maxPixels(),
            config.data().normalisation(),
            new Configuration(false));
    factory =
        new SplitEvaluatorFactory(
            config.model(),
            config.cluster().arithmetic(),
            space.size(),
            ClassSet.all(space).trainIds(),
            split,
            new HadoopSettings(new Configuration(false)));
    state = TinyRun.run(Phase.SOURCE_ONLY, 3, config).state();
  }

  private static List<ConfusionMatrix> evaluated(boolean ahead, int... indices) throws IOException {
    List<ConfusionMatrix> matrices = new ArrayList<>();
    try (Evaluator evaluator = factory.create(state)) {
      if (ahead) {
        evaluator.expect(3, 9);
      }
      for (int index : indices) {
        matrices.add(evaluator.evaluate(index));
      }
    }
    return matrices;
  }

  @Test
  void whatIsReadAheadIsCountedToTheSameBits() throws IOException {
    int[] inOrder = {3, 4, 5, 6, 7, 8};
    assertThat(evaluated(true, inOrder)).isEqualTo(evaluated(false, inOrder));
  }

  @Test
  void imagesThatWereNotExpectedAreReadWhenTheyAreEvaluated() throws IOException {
    int[] jumping = {3, 0, 4, 20, 20, 5, 7, 6};
    assertThat(evaluated(true, jumping)).isEqualTo(evaluated(false, jumping));
  }

  @Test
  void everyLabelledPixelIsCountedWithItsProbability() throws IOException {
    ConfusionMatrix matrix = evaluated(true, 3).get(0);
    Scores scores = Scores.of(matrix);
    assertThat(scores.calibrationError()).isBetween(0.0, 1.0);
    assertThat(matrix.total()).isPositive();
  }
}
