package org.adaptseg.job.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.store.Json;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.RunDirectory;
import org.adaptseg.nn.StateNames;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.LearnerState;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.WeightFiles;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cards, and what a file that holds one says of its network. */
class ModelCardTest {
  private static final Set<ResolvedData.Part> NO_DATA = Set.of();
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path directory;

  private static ModelCard card(RunConfig config, RunFacts facts) throws IOException {
    ResolvedData data = ResolvedData.of(config.data(), Configurations.texts(HADOOP), NO_DATA);
    LearnerState state =
        new LearnerState(
            List.of(new LearnerState.Vector(StateNames.GENERATOR_PARAMETERS, new float[] {1, 2})));
    return ModelCard.of(
        new RunDirectory(config, data, HADOOP).origin(null),
        data.classes(),
        new Checkpoint(7, Phase.ADVERSARIAL, 0, state),
        Optional.of(facts),
        new CardScores(Json.object().arrayNode(), "None are there."));
  }

  private String file(String card) throws IOException {
    Path file = directory.resolve("model.safetensors");
    WeightFiles.write(
        Map.of("a", Tensor.of(new float[] {1}, 0, 1)),
        Map.of(ModelCard.KEY, card),
        new org.apache.hadoop.fs.Path(file.toUri()),
        HADOOP);
    return file.toString();
  }

  private DescribedModel read(String card, String... overrides) throws IOException {
    return DescribedModel.of(file(card), List.of(overrides), Configurations.texts(HADOOP), HADOOP)
        .orElseThrow();
  }

  static Stream<Path> configurations() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("conf"))) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void aFileSaysAllThatPredictionsNeedOfEveryShippedConfiguration(Path shipped) throws IOException {
    RunConfig config =
        Configurations.read(
            shipped.toString(), List.of("output.dir=" + directory.resolve("none")), NO_DATA);
    ResolvedData data = ResolvedData.of(config.data(), Configurations.texts(HADOOP), NO_DATA);

    DescribedModel described = read(card(config, new RunFacts(Map.of(), Map.of())).line());

    RunConfig found = described.config();
    ResolvedData foundData = ResolvedData.of(found.data(), described.files(), NO_DATA);
    assertThat(found.model()).isEqualTo(config.model());
    assertThat(found.schedule()).isEqualTo(config.schedule());
    assertThat(found.loss()).isEqualTo(config.loss());
    assertThat(found.optimizer()).isEqualTo(config.optimizer());
    assertThat(found.data().normalisation()).isEqualTo(config.data().normalisation());
    assertThat(found.data().evaluation().pixels()).isEqualTo(config.data().evaluation().pixels());
    assertThat(foundData.classes()).isEqualTo(data.classes());
    assertThat(foundData.evaluation()).isEqualTo(data.evaluation());
    assertThat(found.cluster().workers()).isEqualTo(1);
  }

  @Test
  void overridesReplaceWhatAFileSays() throws IOException {
    String card = card(config(), new RunFacts(Map.of(), Map.of())).line();

    RunConfig found =
        read(card, "cluster.threads-per-worker=3", "data.evaluation.width=96").config();

    assertThat(found.cluster().threadsPerWorker()).isEqualTo(3);
    assertThat(found.data().evaluation().width()).isEqualTo(96);
  }

  private RunConfig config(String... more) {
    return TinyRun.config(
        Stream.concat(Stream.of("output.dir=" + directory.resolve("none")), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void aCardHoldsNeitherSecretsNorPlacesOfTheMachine() throws IOException {
    RunConfig config =
        config(
            "tracking.mlflow.uri=http://tracker:5000",
            "data.source.root=/home/somebody/images",
            "data.target.root=s3a://somebody@bucket/images",
            "initial-weights.file=/home/somebody/first.pth");
    RunFacts facts =
        new RunFacts(
            Map.of("project", "1.0"),
            Map.of("source", 800L),
            Map.of("file", "s3a://somebody@bucket/first.pth", "sha256", "ab", "from", "other"),
            "float32");

    String card = card(config, facts).line();

    assertThat(card)
        .contains("first.pth", "\"images\":800", "\"sha256\":\"ab\"")
        .doesNotContain("somebody")
        .doesNotContain("tracker")
        .doesNotContain("bucket")
        .doesNotContain(directory.toString());
    assertThat(CardPage.of(Json.tree(card))).contains("It began with `first.pth` (other, SHA-256");
  }

  @Test
  void aCardOfAnotherVersionIsRefused() throws IOException {
    String card =
        card(config(), new RunFacts(Map.of(), Map.of()))
            .line()
            .replace("\"format\":1", "\"format\":2");

    assertThatThrownBy(() -> read(card))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected format 1, found 2, of another version of this program");
  }

  @Test
  void aFileWithoutACardSaysNothing() throws IOException {
    Path file = Path.of(System.getProperty("golden.dir"), "state-zip.pth");

    assertThat(DescribedModel.of(file.toString(), List.of(), Configurations.texts(HADOOP), HADOOP))
        .isEmpty();
  }
}
