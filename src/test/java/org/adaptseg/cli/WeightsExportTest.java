package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code weights export} leaves of a run of two iterations. */
@Tag("command")
class WeightsExportTest {
  @TempDir static Path shared;
  @TempDir Path own;

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(shared.resolve("tiny.yaml"), TinyRun.YAML);
    Ended run =
        ProgramRun.of(
            List.of(
                "train",
                "--config=" + shared.resolve("tiny.yaml"),
                "--set=output.dir=" + shared.resolve("run"),
                "--set=schedule.phases=[{phase: source-only, iterations: 2}]"));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private static Ended export(Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("weights", "export", "--config=" + shared.resolve("run"), "--output=" + file));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }

  private static ModelProto onnx(Path file) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(file));
  }

  @Test
  void anOnnxFileTakesAndGivesWhatItsOptionsSay() throws IOException {
    Path file = own.resolve("network.onnx");
    Ended plain = export(file, "--format=onnx");
    assertThat(plain.err()).isEmpty();
    assertThat(plain.out()).contains("Wrote 89 tensors of iteration 2 to " + file);
    assertThat(onnx(file).getGraph().getInput(0).getName()).isEqualTo("image");
    assertThat(onnx(file).getGraph().getOutput(0).getName()).isEqualTo("logits");
    Map<String, String> about =
        onnx(file).getMetadataPropsList().stream()
            .collect(
                Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    assertThat(about)
        .containsEntry("normalisation", "caffe")
        .containsEntry("iteration", "2")
        .containsEntry("classes", "road,sidewalk,building,vegetation,sky,person,car,pole");

    assertThat(export(file, "--format=onnx", "--with-normalisation", "--with-arg-max").code())
        .isZero();
    assertThat(onnx(file).getGraph().getInput(0).getName()).isEqualTo("pixels");
    assertThat(onnx(file).getGraph().getOutput(0).getName()).isEqualTo("classes");
  }

  private JsonNode card() throws IOException {
    return new ObjectMapper().readTree(own.resolve("model.json").toFile());
  }

  private String page() throws IOException {
    return Files.readString(own.resolve("README.md"));
  }

  @Test
  void exportsOfOneNetworkShareACardThatNamesThemAll() throws IOException {
    Map<String, String> formats =
        Map.of("model.safetensors", "safetensors", "model.zip", "dl4j", "model.onnx", "onnx");
    for (Map.Entry<String, String> format : formats.entrySet()) {
      Ended export = export(own.resolve(format.getKey()), "--format=" + format.getValue());
      assertThat(export.code()).as(export.err()).isZero();
    }
    JsonNode card = card();
    assertThat(card.get("files")).hasSize(3);
    for (JsonNode file : card.get("files")) {
      Path exported = own.resolve(file.get("name").asText());
      assertThat(file.get("format").asText()).isEqualTo(formats.get(file.get("name").asText()));
      assertThat(file.get("bytes").asLong()).isEqualTo(Files.size(exported));
      assertThat(file.get("sha256").asText()).isEqualTo(Sha256.of(Files.readAllBytes(exported)));
      assertThat(page()).contains(file.get("sha256").asText());
    }
    assertThat(card.get("name").asText()).isEqualTo("tiny");
    assertThat(card.get("iteration").asLong()).isEqualTo(2);
    assertThat(card.get("classes").get(2).get("name").asText()).isEqualTo("building");
    assertThat(card.get("input").get("channels"))
        .extracting(JsonNode::asText)
        .containsExactly("B", "G", "R");
    assertThat(card.get("training").get("source").get("images").asLong()).isEqualTo(800);
    assertThat(card.get("training").get("method").asText()).isEqualTo("source-only");
  }

  @Test
  void thePageIsInTheFormOfHuggingFaceWithTheScoresOfTheRun() throws IOException {
    assertThat(export(own.resolve("model.safetensors")).code()).isZero();
    JsonNode scores = new ObjectMapper().readTree(shared.resolve("run/scores.json").toFile());

    String[] parts = page().split("(?m)^---$", 3);
    JsonNode front = StrictYaml.tree(parts[1]);
    assertThat(front.get("license").asText()).isEqualTo("other");
    assertThat(front.get("license_name").asText()).isEqualTo("fill-in-before-publishing");
    assertThat(front.get("library_name").asText()).isEqualTo("adaptseg-spark");
    assertThat(front.get("pipeline_tag").asText()).isEqualTo("image-segmentation");
    assertThat(front.get("datasets"))
        .extracting(JsonNode::asText)
        .as("a run of source images only")
        .containsExactly("synthetic-source");
    JsonNode result = front.get("model-index").get(0).get("results").get(0);
    assertThat(result.get("dataset").get("type").asText()).isEqualTo("synthetic-target");
    assertThat(result.get("dataset").get("split").asText()).isEqualTo("val");
    assertThat(result.get("metrics").get(0).get("type").asText()).isEqualTo("mean_iou");
    assertThat(result.get("metrics").get(0).get("value")).isEqualTo(scores.get("miou"));
    assertThat(parts[2])
        .contains("**Licence: not stated yet.**")
        .contains("1. 8 classes (synthetic-8); source-only; last checkpoint; 100 images.")
        .contains("| 0 | road | 128, 64, 128 |")
        .contains("predict --weights model.safetensors --input photo.jpg");
  }

  @Test
  void scoresOfAnotherNetworkAreNotThisOnes() throws IOException {
    Path scores = own.resolve("scores.json");
    String text = Files.readString(shared.resolve("run/scores.json"));
    Files.writeString(scores, text.replace("last checkpoint", "measured again"));
    Path file = own.resolve("model.safetensors");
    assertThat(export(file, "--scores=" + scores).code()).isZero();
    assertThat(card().get("scores")).hasSize(2);
    assertThat(card().get("scores").get(1).get("selection").asText()).isEqualTo("measured again");

    Files.writeString(scores, text.replaceFirst("\"iteration\" : 2", "\"iteration\" : 3"));
    Ended refused = export(file, "--scores=" + scores);
    assertThat(refused.code()).isEqualTo(Main.FAILURE);
    assertThat(refused.err()).contains("expected scores of iteration 2, found those of 3");

    Files.move(shared.resolve("run/scores.json"), own.resolve("aside.json"));
    try {
      assertThat(export(file).code()).isZero();
      assertThat(card().get("scores")).isEmpty();
      assertThat(page())
          .contains("None. The run has no scores of this network.")
          .doesNotContain("model-index");
    } finally {
      Files.move(own.resolve("aside.json"), shared.resolve("run/scores.json"));
    }
  }

  @Test
  void aPageThatSomebodyWroteStaysUnlessItMayBeReplaced() throws IOException {
    Path file = own.resolve("model.safetensors");
    Files.writeString(own.resolve("README.md"), "mine");
    Ended refused = export(file);
    assertThat(refused.code()).isEqualTo(Main.FAILURE);
    assertThat(refused.err())
        .startsWith("Cannot write the model's card: expected a folder without another README.md")
        .contains("--overwrite")
        .contains("--no-card");
    assertThat(file).doesNotExist();
    assertThat(page()).isEqualTo("mine");

    assertThat(export(file, "--no-card").code()).isZero();
    assertThat(own.toFile().list()).containsExactlyInAnyOrder("README.md", "model.safetensors");

    assertThat(export(file, "--overwrite").code()).isZero();
    assertThat(page()).contains("# tiny");
    Files.writeString(own.resolve("README.md"), page().replace("license: other", "license: mit"));
    assertThat(export(file).code()).isEqualTo(Main.FAILURE);
    assertThat(page()).contains("license: mit");
  }

  @Test
  void anotherNetworkGetsAFolderOfItsOwn() throws IOException {
    Ended other =
        ProgramRun.of(
            List.of(
                "train",
                "--config=" + shared.resolve("tiny.yaml"),
                "--set=output.dir=" + own.resolve("other"),
                "--set=schedule.phases=[{phase: source-only, iterations: 1}]"));
    assertThat(other.code()).isZero();
    assertThat(export(own.resolve("model.safetensors")).code()).isZero();
    Ended refused =
        ProgramRun.of(
            List.of(
                "weights",
                "export",
                "--config=" + own.resolve("other"),
                "--output=" + own.resolve("b.safetensors")));
    assertThat(refused.err())
        .contains("expected a folder of its own for each network, found the card of another");
  }

  @Test
  void predictNeedsTheFileAloneAndWritesWhatSparkWrites() throws IOException {
    Path folder = own.resolve("photos");
    DatasetFixtures.write(folder.resolve("a.jpg"), DatasetFixtures.picture(1, 90, 50));
    DatasetFixtures.write(folder.resolve("b.png"), DatasetFixtures.picture(2, 64, 32));
    DatasetFixtures.write(folder.resolve("c/d.jpg"), DatasetFixtures.picture(3, 33, 77));
    Ended bySpark =
        ProgramRun.of(
            List.of(
                "predict",
                "--config=" + shared.resolve("run"),
                "--set=cluster.workers=2",
                "--input=" + folder,
                "--output=" + own.resolve("by-spark")));
    assertThat(bySpark.code()).as(bySpark.err()).isZero();
    for (String name : List.of("model.safetensors", "model.zip")) {
      String format = name.endsWith("zip") ? "dl4j" : "safetensors";
      assertThat(export(own.resolve(name), "--format=" + format, "--no-card").code()).isZero();
      Path alone = own.resolve("alone-" + format).resolve(name);
      Files.createDirectories(alone.getParent());
      Files.move(own.resolve(name), alone);
      Path out = own.resolve("by-" + format);
      Ended here =
          ProgramRun.of(
              List.of("predict", "--weights=" + alone, "--input=" + folder, "--output=" + out));
      assertThat(here.code()).as(here.err()).isZero();
      assertThat(here.out()).contains("Predicted 3 images with " + name);
      for (String file : List.of("a.png", "b.png", "c/d.png")) {
        for (String kind : List.of("label-ids", "colours")) {
          assertThat(out.resolve(kind).resolve(file))
              .hasSameBinaryContentAs(own.resolve("by-spark").resolve(kind).resolve(file));
        }
      }
    }
  }

  @Test
  void onePictureIsEnoughAndValuesOfTheFileCanBeReplaced() throws IOException {
    Path file = own.resolve("model.safetensors");
    assertThat(export(file).code()).isZero();
    Path photo = own.resolve("photo.jpg");
    DatasetFixtures.write(photo, DatasetFixtures.picture(1, 90, 50));
    Ended one =
        ProgramRun.of(
            List.of(
                "predict",
                "--weights=" + file,
                "--input=" + photo,
                "--output=" + own.resolve("out"),
                "--set=data.evaluation.width=96",
                "--ids=folders"));
    assertThat(one.code()).as(one.err()).isZero();
    assertThat(own.resolve("out/label-ids/photo.png")).exists();
    assertThat(Files.readString(own.resolve("out/prediction.json"))).contains("96x32");
  }

  @Test
  void weightsThatSayNothingNeedAConfiguration() {
    Path golden = Path.of(System.getProperty("golden.dir"), "state-zip.pth");
    Ended run =
        ProgramRun.of(
            List.of("predict", "--weights=" + golden, "--input=a.jpg", "--output=" + own));
    assertThat(run.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(run.err())
        .contains("expected a file or a run directory, or --weights that weights export wrote");
  }
}
