package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedConfigurationsTest {
  private static final Path CONF = Path.of("conf");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files.sorted().toList();
    }
  }

  @Test
  void allExperimentsAreThere() throws IOException {
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .contains(
            "demo.yaml",
            "gta5-to-cityscapes-multi.yaml",
            "gta5-to-cityscapes-single.yaml",
            "gta5-to-cityscapes-single-ls.yaml",
            "gta5-to-cityscapes-source-only.yaml");
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachLoadsAndIsNamedAfterItsFile(Path file) throws IOException {
    RunConfig config = load(file);

    assertThat(file.getFileName()).hasToString(config.run().name() + ".yaml");
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      out.writeObject(config);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachSaysPaperCommandHardwareDurationAndExpectation(Path file) throws IOException {
    assertThat(Files.readString(file))
        .contains("# Paper: ", "# Command: ", "# Hardware: ", "# Duration: ", "# Expected: ");
  }

  @ParameterizedTest
  @CsvSource({
    "multi, VANILLA, 0.1, 0.0002, 0.001",
    "single, VANILLA, 0, 0, 0.001",
    "single-ls, LEAST_SQUARES, 0, 0, 0.01"
  })
  void theAdaptingOnesHaveThePapersLosses(
      String name, GanLoss gan, double auxSegmentation, double auxAdversarial, double adversarial)
      throws IOException {
    RunConfig config = load(CONF.resolve("gta5-to-cityscapes-" + name + ".yaml"));

    assertThat(config.loss())
        .isEqualTo(
            new RunConfig.Loss(
                gan,
                Map.of("aux", auxSegmentation, "main", 1.0),
                Map.of("aux", auxAdversarial, "main", adversarial)));
    assertThat(config.schedule().phases())
        .containsExactly(new RunConfig.PhasePlan(Phase.ADVERSARIAL, 150_000));
    assertThat(config.optimizer().decay()).isEqualTo(new Optimizer.Decay(0.9, 250_000));
  }

  @Test
  void theBaselineForwardsNoTargetImage() throws IOException {
    RunConfig config = load(CONF.resolve("gta5-to-cityscapes-source-only.yaml"));

    assertThat(config.schedule().phases())
        .containsExactly(new RunConfig.PhasePlan(Phase.SOURCE_ONLY, 150_000));
  }

  private static RunConfig load(Path file) throws IOException {
    return ConfigLoader.load(Files.readString(file), file.toString(), List.of());
  }
}
