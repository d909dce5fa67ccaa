package org.adaptseg.report.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.adaptseg.config.ClassSet;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.inference.Evaluator;
import org.adaptseg.train.inference.SplitEvaluatorFactory;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the pictures of a run show. */
class GalleryPainterTest {
  private static final HadoopSettings HADOOP = new HadoopSettings(new Configuration(false));

  private static RunConfig config;
  private static LabelSpace space;
  private static SplitPlan split;
  private static LearnerState state;

  @BeforeAll
  static void train() throws IOException {
    config = TinyRun.config();
    ResolvedData data = ResolvedData.of(config.data());
    space = data.classes();
    split =
        SplitPlan.prepare(
            data.evaluation(),
            config.data().evaluation(),
            space,
            SplitPlan.Labels.NEEDED,
            1,
            config.data().maxPixels(),
            Normalisation.CAFFE,
            new Configuration(false));
    state = TinyRun.run(Phase.SOURCE_ONLY, 3, config).state();
  }

  private static GalleryPainter painter() {
    return new GalleryPainter(config.model(), config.cluster().arithmetic(), space, split, HADOOP);
  }

  @Test
  void theImagesAreSpreadOverTheSplit() {
    assertThat(painter().indices()).containsExactly(0, 25, 50, 75);
  }

  @Test
  void thePredictionIsTheOneThatIsScored() throws IOException {
    GalleryEntry entry = painter().paint(state, 7);

    ConfusionMatrix counted;
    try (Evaluator evaluator =
        new SplitEvaluatorFactory(
                config.model(),
                config.cluster().arithmetic(),
                space.size(),
                ClassSet.all(space).trainIds(),
                split,
                HADOOP)
            .create(state)) {
      counted = evaluator.evaluate(7);
    }
    long right = 0;
    for (int c = 0; c < space.size(); c++) {
      right += counted.count(c, c);
    }
    assertThat(entry.accuracy()).isCloseTo((double) right / counted.total(), Offset.offset(1e-12));
    assertThat(entry.id()).endsWith("00007");
    assertThat(entry.prediction().width()).isEqualTo(64);
    assertThat(entry.prediction().height()).isEqualTo(32);
  }

  @Test
  void thePhotographIsTheSameWhateverTheNetworkSees() throws IOException {
    ResolvedData data = ResolvedData.of(config.data());
    SplitPlan torchvision =
        SplitPlan.prepare(
            data.evaluation(),
            config.data().evaluation(),
            space,
            SplitPlan.Labels.NEEDED,
            1,
            config.data().maxPixels(),
            Normalisation.TORCHVISION,
            new Configuration(false));

    GalleryEntry entry =
        new GalleryPainter(
                config.model(), config.cluster().arithmetic(), space, torchvision, HADOOP)
            .paint(state, 7);

    assertThat(entry.image().bytes()).isEqualTo(painter().paint(state, 7).image().bytes());
  }

  @Test
  void thereIsAnEntropyMapForEveryLevel() throws IOException {
    GalleryEntry entry = painter().paint(state, 0);

    assertThat(entry.entropy())
        .extracting(GalleryEntry.LevelMap::level)
        .containsExactly("aux", "main");
    assertThat(entry.entropy())
        .allSatisfy(level -> assertThat(level.mean()).isStrictlyBetween(0.0, 1.0));
  }
}
