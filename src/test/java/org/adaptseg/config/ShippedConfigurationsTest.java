package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.config.data.Crop;
import org.adaptseg.config.data.Jitter;
import org.adaptseg.config.data.Size;
import org.adaptseg.config.yaml.ConfigException;
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
            "carla-to-camvid-multi.yaml",
            "carla-to-camvid-self-training.yaml",
            "carla-to-camvid-source-only.yaml",
            "synthia-to-cityscapes-13-multi.yaml",
            "synthia-to-cityscapes-16-multi.yaml",
            "synscapes-to-cityscapes-multi.yaml",
            "cityscapes-to-rome-single.yaml",
            "cityscapes-to-rio-single.yaml",
            "cityscapes-to-tokyo-single.yaml",
            "cityscapes-to-taipei-single.yaml",
            "gta5-to-cityscapes-advent.yaml",
            "gta5-to-cityscapes-minent.yaml",
            "gta5-to-cityscapes-minent-advent.yaml",
            "gta5-to-cityscapes-feature.yaml",
            "gta5-to-cityscapes-multi.yaml",
            "gta5-to-cityscapes-single.yaml",
            "gta5-to-cityscapes-single-ls.yaml",
            "gta5-to-cityscapes-vgg-single.yaml",
            "gta5-to-cityscapes-source-only.yaml",
            "gta5-to-cityscapes-control.yaml",
            "gta5-to-cityscapes-crops.yaml",
            "gta5-to-cityscapes-self-training.yaml",
            "gta5-to-cityscapes-oracle.yaml");
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
  void eachNamesDatasetsSplitsAndClassesThatFitTogether(Path file) throws IOException {
    RunConfig.Data data = load(file).data();

    assertThat(ResolvedData.of(data).classes().name()).isEqualTo(data.classes());
  }

  @ParameterizedTest
  @CsvSource({
    "synthia-to-cityscapes-13-multi, 13, synthia/all, cityscapes/train, cityscapes/val",
    "synthia-to-cityscapes-16-multi, 16, synthia/all, cityscapes/train, cityscapes/val",
    "synscapes-to-cityscapes-multi, 19, synscapes/all, cityscapes/train, cityscapes/val",
    "carla-to-camvid-multi, 10, carla/train, camvid/train, camvid/test",
    "cityscapes-to-rome-single, 13, cityscapes/train, cross-city/rome-train, cross-city/rome-test",
    "cityscapes-to-rio-single, 13, cityscapes/train, cross-city/rio-train, cross-city/rio-test",
    "cityscapes-to-tokyo-single, 13, cityscapes/train, cross-city/tokyo-train,"
        + " cross-city/tokyo-test",
    "cityscapes-to-taipei-single, 13, cityscapes/train, cross-city/taipei-train,"
        + " cross-city/taipei-test"
  })
  void thePairsOfThePaperAreWhatTheirNamesSay(
      String name, int classes, String source, String target, String evaluation)
      throws IOException {
    RunConfig.Data data = load(CONF.resolve(name + ".yaml")).data();

    assertThat(ResolvedData.of(data).classes().size()).isEqualTo(classes);
    assertThat(List.of(data.source().get(0), data.target().get(0), data.evaluation()))
        .extracting(domain -> domain.dataset() + "/" + domain.split())
        .containsExactly(source, target, evaluation);
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachSaysPaperCommandHardwareDurationAndExpectation(Path file) throws IOException {
    assertThat(Files.readString(file))
        .contains("# Paper: ", "# Command: ", "# Hardware: ", "# Duration: ", "# Expected: ");
  }

  /** Those that begin with random values have no number of a paper. */
  static List<Path> quoting() throws IOException {
    return files().stream().filter(file -> !isSmall(file)).toList();
  }

  private static boolean isSmall(Path file) {
    String name = file.getFileName().toString();
    return name.equals("demo.yaml") || name.startsWith("carla-to-camvid-");
  }

  @ParameterizedTest
  @MethodSource("quoting")
  void eachThatQuotesANumberNamesWhatTheNumberDependsOn(Path file) throws IOException {
    JsonNode keys = new YAMLMapper().readTree(file.toFile());
    for (String key :
        List.of(
            "/data/normalisation",
            "/model/head-rates",
            "/initial-weights/from",
            "/optimizer/generator/updates")) {
      assertThat(keys.at(key).isMissingNode()).as("%s of %s", key, file).isFalse();
    }
    InitialWeights weights = load(file).initialWeights();
    assertThat(weights.random()).isFalse();
    assertThat(weights.given()).isFalse();
    assertThatThrownBy(() -> weights.require(file.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Cannot use " + file)
        .hasMessageContaining("--set initial-weights.random=true");
    assertThat(Files.readString(file)).contains("# Begins: ", "initial-weights.file=");
  }

  @Test
  void theSmallOnesBeginWithRandomValues() throws IOException {
    for (Path file : files().stream().filter(ShippedConfigurationsTest::isSmall).toList()) {
      load(file).initialWeights().require(file.toString());
    }
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
            new Loss(
                gan,
                Map.of("aux", auxSegmentation, "main", 1.0),
                Map.of("aux", auxAdversarial, "main", adversarial),
                Adaptation.OUTPUT,
                DiscriminatorInput.SOFTMAX,
                1,
                Map.of(),
                Map.of("aux", 0.0, "main", 0.0),
                new Loss.SelfTraining(1, 0.99, 0.968, Jitter.NONE)));
    assertThat(config.schedule().phases())
        .containsExactly(new RunConfig.PhasePlan(Phase.ADVERSARIAL, 150_000));
    assertThat(config.optimizer().decay()).isEqualTo(new Optimizer.Decay(0.9, 250_000));
  }

  @ParameterizedTest
  @MethodSource("files")
  void thePublishedExperimentsHaveTheOptimiserOf2018(Path file) throws IOException {
    Optimizer.Updates updates = load(file).optimizer().generator().updates();

    if (isSmall(file)
        || file.endsWith("gta5-to-cityscapes-crops.yaml")
        || file.endsWith("gta5-to-cityscapes-self-training.yaml")) {
      assertThat(updates).isEqualTo(Optimizer.Updates.ONCE);
    } else {
      assertThat(updates).isEqualTo(Optimizer.Updates.YEAR_2018);
      assertThat(Files.readString(file))
          .contains(
              "# Optimiser: ", "PyTorch 0.4", "issue", "0.0005", "updates: 2018", "head-rates: [");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "advent, ADVERSARIAL, WEIGHTED_SELF_INFORMATION, 0, 0",
    "minent, ENTROPY, SOFTMAX, 0.0002, 0.001",
    "minent-advent, ADVERSARIAL, WEIGHTED_SELF_INFORMATION, 0.0002, 0.001"
  })
  void adventsMethodsSumAllFourRatesOfAHead(
      String name, Phase phase, DiscriminatorInput input, double aux, double main)
      throws IOException {
    RunConfig config = load(CONF.resolve("gta5-to-cityscapes-" + name + ".yaml"));

    assertThat(config.model().headRates()).containsExactly(6, 12, 18, 24);
    assertThat(config.schedule().phases()).containsExactly(new RunConfig.PhasePlan(phase, 120_000));
    assertThat(config.loss().discriminatorInput()).isEqualTo(input);
    assertThat(config.loss().entropyWeight()).isEqualTo(Map.of("aux", aux, "main", main));
  }

  @Test
  void selfTrainingHasTheSettingsOfDacs() throws IOException {
    RunConfig config = load(CONF.resolve("gta5-to-cityscapes-self-training.yaml"));

    assertThat(config.schedule().phases())
        .containsExactly(new RunConfig.PhasePlan(Phase.SELF_TRAINING, 250_000));
    assertThat(config.loss().selfTraining())
        .isEqualTo(new Loss.SelfTraining(1, 0.99, 0.968, new Jitter(0.2, 0.2, 0.2, 1.15)));
    assertThat(List.of(config.data().source().get(0), config.data().target().get(0)))
        .extracting(RunConfig.Domain::trained)
        .containsOnly(new Size(512, 512));
    assertThat(config.optimizer().batchSize()).isEqualTo(2);
  }

  @Test
  void theBaselineOfTodayTrainsOnCropsInBatchesOfTwo() throws IOException {
    RunConfig config = load(CONF.resolve("gta5-to-cityscapes-crops.yaml"));

    assertThat(List.of(config.data().source().get(0), config.data().target().get(0)))
        .extracting(RunConfig.Domain::trained)
        .containsOnly(new Size(512, 512));
    assertThat(config.data().source().get(0).crop()).isEqualTo(new Crop(512, 512, 0.75, 10));
    assertThat(config.data().target().get(0).jitter()).isEqualTo(Jitter.NONE);
    assertThat(config.optimizer().batchSize()).isEqualTo(2);
    assertThat(config.optimizer().generator())
        .isEqualTo(new Optimizer.Generator(0.0025, 0.9, 0.0005, 1, Optimizer.Updates.ONCE));
    assertThat(config.optimizer().decay()).isEqualTo(new Optimizer.Decay(1, 40_000));
    assertThat(config.optimizer().warmup()).isEqualTo(new Optimizer.Warmup(1500, 1e-6));
    assertThat(config.loss().gan()).isEqualTo(GanLoss.LEAST_SQUARES);
    assertThat(config.loss().adversarialWeight()).isEqualTo(Map.of("aux", 0.0002, "main", 0.001));
    assertThat(config.schedule().phases())
        .containsExactly(new RunConfig.PhasePlan(Phase.ADVERSARIAL, 40_000));
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
