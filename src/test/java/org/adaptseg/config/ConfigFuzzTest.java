package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.YamlMutations;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a configuration file holds, the answer is a configuration or a list of problems. */
@Tag("faults")
class ConfigFuzzTest {
  private static final int INPUTS = 10_000;

  /** What one text of up to 200 000 characters may cost; it is parsed into a tree of nodes. */
  private static final long BYTES = 64L << 20;

  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** As the program reads them, from any Hadoop file system; none of these exists. */
  private static final TextSource FILES =
      path -> {
        throw new FileNotFoundException(new org.apache.hadoop.fs.Path(path).toString());
      };

  @Test
  void aRunsConfigurationIsReadOrRefused() {
    List<byte[]> seeds = texts(Path.of("conf"));
    Fuzz.Outcome outcome =
        inTime(
            () ->
                Fuzz.runInParallel(
                    INPUTS,
                    seeds,
                    YamlMutations::mutate,
                    BYTES,
                    ConfigException.class,
                    input -> ConfigLoader.load(text(input), "conf/fuzz.yaml", List.of(), FILES)));
    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  @Test
  void anOverrideIsAppliedOrRefused() {
    String config =
        """
        run: {name: least}
        schedule: {phases: [{phase: adversarial, iterations: 1}]}
        output: {dir: runs/least}
        data:
          classes: synthetic-8
          source: {dataset: synthetic-source, split: train, width: 64, height: 32}
          target: {dataset: synthetic-target, split: train, width: 64, height: 32}
          evaluation: {dataset: synthetic-target, split: val, width: 64, height: 32}
        """;
    List<byte[]> seeds =
        Stream.of(
                "run.name=x",
                "schedule.phases.0.iterations=10",
                "loss.segmentation-weight={aux: 0.1, main: 1}",
                "model.layers=[1, 1, 1, 1]",
                "data.source.root=s3a://bucket/streets")
            .map(s -> s.getBytes(StandardCharsets.UTF_8))
            .toList();
    Fuzz.Outcome outcome =
        inTime(
            () ->
                Fuzz.runInParallel(
                    INPUTS,
                    seeds,
                    YamlMutations::mutate,
                    BYTES,
                    ConfigException.class,
                    input -> ConfigLoader.load(config, "demo", List.of(text(input)), FILES)));
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  @Test
  void aDatasetDescriptionIsReadOrRefused() {
    List<byte[]> seeds = texts(Path.of("src/main/resources/datasets"));
    Fuzz.Outcome outcome =
        inTime(
            () ->
                Fuzz.runInParallel(
                    INPUTS,
                    seeds,
                    YamlMutations::mutate,
                    BYTES,
                    ConfigException.class,
                    input ->
                        StrictYaml.read(text(input), "dataset.yaml", DatasetDescription.class)));
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  @Test
  void aLabelSpaceIsReadOrRefused() {
    List<byte[]> seeds = texts(Path.of("src/main/resources/label-spaces"));
    Fuzz.Outcome outcome =
        inTime(
            () ->
                Fuzz.runInParallel(
                    INPUTS,
                    seeds,
                    YamlMutations::mutate,
                    BYTES,
                    ConfigException.class,
                    input -> StrictYaml.read(text(input), "classes.yaml", LabelSpace.class)));
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  private static Fuzz.Outcome inTime(
      org.junit.jupiter.api.function.ThrowingSupplier<Fuzz.Outcome> fuzz) {
    Fuzz.Outcome outcome = org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(LIMIT, fuzz);
    return outcome;
  }

  private static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  private static List<byte[]> texts(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(
              file -> {
                try {
                  return Files.readAllBytes(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
