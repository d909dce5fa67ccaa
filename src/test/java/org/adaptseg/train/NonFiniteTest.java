package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.CachedSplit;
import org.adaptseg.data.Sample;
import org.adaptseg.data.SampleCache;
import org.adaptseg.data.Split;
import org.adaptseg.data.SyntheticSplit;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Numbers that are none, in the real networks. */
@Tag("faults")
class NonFiniteTest {
  private static final int SIDE = 32;
  private static final Shard ALONE = new Shard(0, 1);

  @Test
  void anImageThatIsNotFiniteStopsTheWorkersRoundAndNamesTheSample() {
    RunConfig config = config();
    try (Learner learner = learner(config, poisoned(source(config), 2))) {
      learner.load(initial(config));
      RoundReport report = learner.run(new RoundPlan(0, Phase.ADVERSARIAL, 0, 4, 0), ALONE);
      assertThat(report.stopped()).isTrue();
      assertThat(report.iterations()).hasSize(1);
      assertThat(report.skipped())
          .singleElement()
          .satisfies(
              skipped -> {
                assertThat(skipped.iteration()).isEqualTo(1);
                // The activations turn what is no number into 0, so that the loss is finite.
                assertThat(skipped.what()).isEqualTo("the generator's gradient");
                assertThat(skipped.samples()).startsWith("poison, target-");
              });
    }
  }

  @Test
  void anIterationThatIsLeftOutLeavesNothingBehind() {
    RunConfig config = config("run.on-non-finite=skip", "optimizer.iter-size=2");
    LearnerState initial = initial(config);
    LearnerState skipping;
    // The first of iteration 1's two samples, so that a source and two targets are passed over.
    try (Learner learner = learner(config, poisoned(source(config), 3))) {
      learner.load(initial);
      RoundReport report = learner.run(new RoundPlan(0, Phase.ADVERSARIAL, 0, 4, 0), ALONE);
      assertThat(report.stopped()).isFalse();
      assertThat(report.iterations())
          .extracting(RoundReport.Iteration::iteration)
          .containsExactly(0L, 2L, 3L);
      assertThat(report.skipped()).extracting(RoundReport.Skipped::iteration).containsExactly(1L);
      skipping = learner.state();
    }
    LearnerState without;
    try (Learner learner = learner(config, source(config))) {
      learner.load(initial);
      learner.run(new RoundPlan(0, Phase.ADVERSARIAL, 0, 1, 0), ALONE);
      without = learner.state();
    }
    try (Learner learner = learner(config, source(config))) {
      learner.load(without);
      learner.run(new RoundPlan(1, Phase.ADVERSARIAL, 2, 2, 2), ALONE);
      without = learner.state();
    }
    assertThat(bits(skipping)).isEqualTo(bits(without));
    assertThat(bits(skipping)).isNotEqualTo(bits(initial));
  }

  @Test
  void aGradientThatIsNotFiniteUpdatesNothing() {
    RunConfig config =
        config("run.on-non-finite=skip", "loss.segmentation-weight={aux: 0, main: 3e38}");
    LearnerState initial = initial(config);
    try (Learner learner = learner(config, oneLabel(source(config)))) {
      learner.load(initial);
      RoundReport report = learner.run(new RoundPlan(0, Phase.SOURCE_ONLY, 0, 2, 0), ALONE);
      assertThat(report.iterations()).isEmpty();
      assertThat(report.skipped())
          .extracting(RoundReport.Skipped::what)
          .containsExactly("the generator's gradient", "the generator's gradient");
      assertThat(bits(learner.state())).isEqualTo(bits(initial));
    }
  }

  @Test
  void parametersThatOverflowAreNotPassedOn() {
    for (String policy : List.of("stop", "skip")) {
      RunConfig config =
          config("run.on-non-finite=" + policy, "optimizer.generator.learning-rate=1e38");
      try (Learner learner = learner(config, source(config))) {
        learner.load(initial(config));
        RoundReport report = learner.run(new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0), ALONE);
        assertThat(report.iterations()).hasSize(1);
        assertThat(report.stopped()).as(policy).isTrue();
        assertThat(report.skipped().get(0).what()).isEqualTo("a parameter after the updates");
      }
    }
  }

  @Test
  void aTeacherDoesNotFollowParametersThatOverflow() {
    RunConfig config =
        config("schedule.phases.0.phase=self-training", "optimizer.generator.learning-rate=1e38");
    try (Learner learner = learner(config, source(config))) {
      learner.load(initial(config));
      RoundReport report = learner.run(new RoundPlan(0, Phase.SELF_TRAINING, 0, 1, 0), ALONE);
      assertThat(report.stopped()).isTrue();
      assertThat(report.skipped().get(0).what()).isEqualTo("a parameter after the updates");
    }
  }

  private static RunConfig config(String... overrides) {
    String domain = "{dataset: synthetic-source, split: train, width: 32, height: 32}";
    return ConfigLoader.load(
        """
        run: {name: non-finite, seed: 3}
        schedule: {phases: [{phase: adversarial, iterations: 8}]}
        output: {dir: unused}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        model: {layers: [1, 1, 1, 1], base-width: 8, head-rates: [1, 2], discriminator-width: 8}
        cluster: {threads-per-worker: 1}
        """
            .formatted(domain, domain, domain),
        "the test",
        List.of(overrides));
  }

  private static LearnerState initial(RunConfig config) {
    try (Networks networks = new Networks(config, 8)) {
      networks.initialize(3);
      return networks.state();
    }
  }

  private static Learner learner(RunConfig config, Split source) {
    Split target =
        new SyntheticSplit(
            "target",
            StreetDomain.TARGET.appearance(),
            ResolvedData.labelSpace("synthetic-8"),
            3,
            500,
            16,
            SIDE,
            SIDE,
            Normalisation.CAFFE,
            Image.Form.VALUES);
    return new ConfinedLearner(
        () ->
            new AdaptationLearner(
                config, List.of(), new Networks(config, 8), uncached(source), uncached(target)));
  }

  private static SampleSequence.Opened uncached(Split split) {
    return SampleSequence.Opened.of(new CachedSplit(split, new SampleCache(0)));
  }

  private static Split source(RunConfig config) {
    return new SyntheticSplit(
        "source",
        StreetDomain.SOURCE.appearance(),
        ResolvedData.labelSpace("synthetic-8"),
        config.run().seed(),
        0,
        16,
        SIDE,
        SIDE,
        Normalisation.CAFFE,
        Image.Form.VALUES);
  }

  /** The sample that is read as number {@code which}, from 1, is no image of numbers. */
  private static Split poisoned(Split split, int which) {
    AtomicInteger read = new AtomicInteger();
    return new Changed(split) {
      @Override
      Sample.Labelled changed(Sample.Labelled sample) {
        if (read.incrementAndGet() != which) {
          return sample;
        }
        float[] chw = new float[Image.CHANNELS * SIDE * SIDE];
        Arrays.fill(chw, Float.NaN);
        return new Sample.Labelled("poison", new Image(SIDE, SIDE, chw), sample.labels());
      }
    };
  }

  /** Only a few pixels count, so that a large weight is not divided by many. */
  private static Split oneLabel(Split split) {
    return new Changed(split) {
      @Override
      Sample.Labelled changed(Sample.Labelled sample) {
        byte[] labels = sample.labels().values().clone();
        Arrays.fill(labels, 4, labels.length, (byte) 255);
        return new Sample.Labelled(sample.id(), sample.image(), new LabelImage(SIDE, SIDE, labels));
      }
    };
  }

  private abstract static class Changed implements Split {
    private final Split split;

    Changed(Split split) {
      this.split = split;
    }

    abstract Sample.Labelled changed(Sample.Labelled sample);

    @Override
    public int size() {
      return split.size();
    }

    @Override
    public String id(int index) {
      return split.id(index);
    }

    @Override
    public Sample.Labelled labelled(int index) throws java.io.IOException {
      return changed(split.labelled(index));
    }

    @Override
    public Sample.Unlabelled unlabelled(int index) throws java.io.IOException {
      return split.unlabelled(index);
    }

    @Override
    public RgbImage pixels(int index) throws java.io.IOException {
      return split.pixels(index);
    }

    @Override
    public LabelImage originalLabels(int index) throws java.io.IOException {
      return split.originalLabels(index);
    }

    @Override
    public void close() throws java.io.IOException {
      split.close();
    }
  }

  private static List<Integer> bits(LearnerState state) {
    return state.vectors().stream()
        .flatMap(
            v -> {
              float[] values = v.values();
              return java.util.stream.IntStream.range(0, values.length)
                  .mapToObj(i -> Float.floatToRawIntBits(values[i]));
            })
        .toList();
  }
}
