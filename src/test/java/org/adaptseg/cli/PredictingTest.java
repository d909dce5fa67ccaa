package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.testing.Ended;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A network that was trained for seconds, and {@code predict} with it by the program's command. */
abstract class PredictingTest {
  static final List<Integer> IDS = List.of(7, 8, 11, 21, 23, 24, 26, 17);
  static final LabelSpace SPACE = ResolvedData.labelSpace("synthetic-8");

  @TempDir static Path shared;
  @TempDir Path own;

  @BeforeAll
  static void train() throws IOException {
    new SyntheticWriter(new Configuration(false), 3, 96, 48)
        .writeCityscapes(
            shared.resolve("cityscapes").toString(),
            new SyntheticWriter.Streets(StreetDomain.TARGET.appearance(), 100, 2),
            new SyntheticWriter.Streets(StreetDomain.TARGET.appearance(), 200, 5));
    Files.writeString(
        shared.resolve("run.yaml"),
        """
        run: {name: test}
        schedule: {phases: [{phase: source-only, iterations: 40}]}
        output: {dir: %1$s/run}
        data:
          classes: synthetic-8
          source: {dataset: synthetic-target, split: train, width: 64, height: 32}
          target: {dataset: synthetic-target, split: train, width: 64, height: 32}
          evaluation: {dataset: cityscapes, root: %1$s/cityscapes, split: val, width: 64, height: 32}
          normalisation: torchvision
        model: {layers: [1, 1, 1, 1], base-width: 8, discriminator-width: 4}
        optimizer: {generator: {learning-rate: 0.005}}
        cluster: {workers: 2, scaling: work, threads-per-worker: 1, averaging-interval: 20}
        """
            .formatted(shared));
    Ended run = ProgramRun.of(List.of("train", "--config=" + shared.resolve("run.yaml")));
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
  }

  Ended predict(Path input, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                "--config=" + shared.resolve("run.yaml"),
                "--input=" + input,
                "--output=" + own.resolve("out")));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }

  static Path images() {
    return shared.resolve("cityscapes/leftImg8bit/val");
  }
}
