package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.adaptseg.config.ClassSet;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.Mixture;
import org.adaptseg.data.Split;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.ParameterSpec.Role;
import org.adaptseg.testing.SharedSpark;
import org.adaptseg.testing.Tensors;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;
import org.adaptseg.train.inference.SplitEvaluatorFactory;
import org.adaptseg.train.inference.StatisticsSource;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DistributedStatisticsTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[2]");

  private static final HadoopSettings HADOOP = new HadoopSettings(new Configuration(false));
  private static final int IMAGES = 10;
  private static RunConfig config;
  private static LabelSpace space;
  private static SplitPlan target;
  private static SplitPlan evaluation;
  private static LearnerState state;

  @BeforeAll
  static void aTrainedState() throws IOException {
    config = TinyRun.config();
    ResolvedData data = ResolvedData.of(config.data());
    space = data.classes();
    target = split(data, config.data().target().get(0), SplitPlan.Labels.UNUSED);
    evaluation = split(data, config.data().evaluation(), SplitPlan.Labels.NEEDED);
    state = TinyRun.run(Phase.SOURCE_ONLY, 1, config).state();
  }

  private static SplitPlan split(
      ResolvedData data, RunConfig.Domain domain, SplitPlan.Labels labels) throws IOException {
    return SplitPlan.prepare(
        labels == SplitPlan.Labels.NEEDED ? data.evaluation() : data.target().get(0),
        domain,
        space,
        labels,
        1,
        config.data().maxPixels(),
        Normalisation.CAFFE,
        new Configuration(false));
  }

  private static StatisticsSource source() {
    return new StatisticsSource(
        config.model(),
        config.cluster().arithmetic(),
        space.size(),
        Mixture.of("target", target),
        IMAGES,
        HADOOP);
  }

  private static float[] parameters(LearnerState of) {
    return of.values("generator.parameters");
  }

  /** From running statistics of 0, PyTorch's update leaves a tenth of an image's own. */
  @Test
  void theStatisticsAreTheAverageOfWhatEachImagesUpdateTakes() throws IOException {
    LearnerState estimated =
        new DistributedStatistics(SPARK.get().context(), source(), 2).estimate(state, "test");
    float[] before = parameters(state);
    double[] expected = new double[before.length];
    boolean[] moved = new boolean[before.length];
    try (Engine engine = Engines.engine(config.cluster().arithmetic());
        Generator generator =
            new Generator(Networks.architecture(config.model(), space.size()), engine);
        Split split = target.open(new Configuration(false))) {
      List<ParameterSlice> statistics =
          generator.slices().stream()
              .filter(s -> s.role() == Role.RUNNING_MEAN || s.role() == Role.RUNNING_VARIANCE)
              .toList();
      float[] zeroed = before.clone();
      for (ParameterSlice s : statistics) {
        Arrays.fill(zeroed, (int) s.offset(), (int) (s.offset() + s.length()), 0);
        Arrays.fill(moved, (int) s.offset(), (int) (s.offset() + s.length()), true);
      }
      for (int i = 0; i < IMAGES; i++) {
        Image image = split.unlabelled(i * target.size() / IMAGES).image();
        generator.parameters().write(zeroed);
        generator.parametersChanged();
        generator.forward(
            Tensors.image(
                engine, new FeatureShape(1, 3, image.height(), image.width()), image.chw()),
            true);
        float[] after = generator.parameters().read();
        for (int at = 0; at < after.length; at++) {
          expected[at] += 10.0 * after[at] / IMAGES;
        }
      }
    }
    float[] found = parameters(estimated);
    int differing = 0;
    for (int at = 0; at < found.length; at++) {
      if (moved[at]) {
        assertThat((double) found[at])
            .isCloseTo(expected[at], Offset.offset(1e-5 * (1 + Math.abs(expected[at]))));
        differing += found[at] == before[at] ? 0 : 1;
      } else {
        assertThat(found[at]).isEqualTo(before[at]);
      }
    }
    assertThat(differing).isPositive();
    assertThat(estimated.values("generator.velocity"))
        .isEqualTo(state.values("generator.velocity"));
  }

  @Test
  void oneTaskAndThreeGiveTheSameBits() {
    JavaSparkContext spark = SPARK.get().context();
    float[] one = parameters(new DistributedStatistics(spark, source(), 1).estimate(state, "1"));
    float[] three = parameters(new DistributedStatistics(spark, source(), 3).estimate(state, "3"));

    assertThat(three).isEqualTo(one).isNotEqualTo(parameters(state));
  }

  @Test
  void scoresAreThoseOfTheStateWithTargetStatistics() {
    SplitEvaluatorFactory factory =
        new SplitEvaluatorFactory(
            config.model(),
            config.cluster().arithmetic(),
            space.size(),
            ClassSet.all(space).trainIds(),
            evaluation,
            HADOOP);
    JavaSparkContext spark = SPARK.get().context();
    DistributedStatistics statistics = new DistributedStatistics(spark, source(), 2);
    LearnerState estimated = statistics.estimate(state, "test");

    assertThat(
            new DistributedEvaluation(spark, factory, 2, Optional.of(statistics))
                .evaluate(state, "test")
                .toArray())
        .isDeepEqualTo(
            new DistributedEvaluation(spark, factory, 2).evaluate(estimated, "test").toArray());
  }
}
