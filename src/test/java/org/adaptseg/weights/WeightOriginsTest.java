package org.adaptseg.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.Networks;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks written down as torchvision and the released codes define them, by the names and shapes
 * of their state dictionaries, saved as PyTorch saves them and imported with one option.
 */
@Tag("golden")
class WeightOriginsTest {
  private static final String TORCHVISION = "data.normalisation=torchvision";
  private static final String V15 = "model.stride-on=3x3";

  @TempDir Path directory;

  static List<Path> torchvisionFiles() {
    return GoldenTensors.files("torchvision-*.json");
  }

  static List<Path> releasedFiles() {
    return GoldenTensors.files("generator-1*.json");
  }

  private static List<Integer> layers(JsonNode golden) {
    List<Integer> layers = new ArrayList<>();
    golden.get("layers").forEach(n -> layers.add(n.asInt()));
    return layers;
  }

  private static RunConfig config(List<Integer> layers, String from, Path file, String... more) {
    List<String> all = new ArrayList<>();
    all.add("model={layers: " + layers + ", base-width: 64, head-rates: [6, 12]}");
    all.add("initial-weights={from: " + from + ", file: '" + file + "'}");
    all.addAll(List.of(more));
    return TinyRun.config(all.toArray(String[]::new));
  }

  private static WeightImport match(RunConfig config, int classes) throws IOException {
    try (Networks networks = new Networks(config, classes)) {
      return WeightSource.match(
          config, networks.generator().network().slices(), new Configuration());
    }
  }

  /** Evaluates a generator that begins with what was imported and checks both levels' logits. */
  private static void check(
      RunConfig config, JsonNode golden, WeightImport match, float[] image, boolean heads) {
    try (Engine engine = new OneDnnEngine();
        Generator generator =
            new Generator(
                Networks.architecture(config.model(), golden.get("classes").asInt()), engine)) {
      if (heads) {
        GoldenNetworks.fill(generator, "G.", golden.get("seed").asLong());
      }
      float[] values = generator.parameters().read();
      generator.slices().stream()
          .filter(slice -> !slice.head())
          .forEach(
              slice ->
                  java.util.Arrays.fill(
                      values,
                      Math.toIntExact(slice.offset()),
                      Math.toIntExact(slice.offset() + slice.length()),
                      0));
      match.applyTo(values);
      generator.parameters().write(values);
      generator.parametersChanged();
      int h = golden.get("height").asInt();
      int w = golden.get("width").asInt();
      generator
          .forward(Tensors.image(engine, new FeatureShape(1, 3, h, w), image), false)
          .forEach((level, logits) -> check(golden, level, logits));
    }
  }

  private static void check(JsonNode golden, Level level, org.adaptseg.engine.Tensor logits) {
    assertThat(GoldenNetworks.largest(Tensors.floats(logits), golden.get("eval").get(level.name())))
        .as(level.name())
        .isLessThan(1e-4);
  }

  private static float[] rgbInput(JsonNode golden) {
    int h = golden.get("height").asInt();
    int w = golden.get("width").asInt();
    byte[] rgb = GoldenTensors.bytes("rgb", golden.get("seed").asLong(), 3 * h * w);
    Image image = Image.of(new RgbImage(h, w, rgb), Normalisation.TORCHVISION);
    return image.chw();
  }

  private static float[] input(JsonNode golden) {
    int h = golden.get("height").asInt();
    int w = golden.get("width").asInt();
    float[] image = GoldenTensors.unit("image", golden.get("seed").asLong(), 3 * h * w);
    for (int i = 0; i < image.length; i++) {
      image[i] *= 100;
    }
    return image;
  }

  @ParameterizedTest
  @MethodSource("torchvisionFiles")
  void torchvisionsFileGivesItsFeatures(Path file) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    Path saved =
        new TorchDefinition("", golden.get("seed").asLong())
            .backbone(layers(golden), true)
            .imageNetClassifier()
            .save(directory.resolve("resnet.pth"));
    RunConfig config = config(layers(golden), "torchvision", saved, V15, TORCHVISION);
    WeightImport match = match(config, golden.get("classes").asInt());
    assertThat(match.problems()).isEmpty();
    assertThat(match.skipped()).containsEntry("fc.weight", "ImageNet's classifier");
    assertThat(match.kept()).hasSize(8).allMatch(key -> key.matches("layer[56]\\.conv2d_list.*"));
    check(config, golden, match, rgbInput(golden), true);
  }

  @ParameterizedTest
  @MethodSource("releasedFiles")
  void theReleasedTrainedNetworkGivesItsLogits(Path file) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    int classes = golden.get("classes").asInt();
    Path saved = trained(golden, classes).save(directory.resolve("trained.pth"));
    RunConfig config = config(layers(golden), "adaptseg", saved);
    WeightImport match = match(config, classes);
    assertThat(match.problems()).isEmpty();
    assertThat(match.kept()).isEmpty();
    assertThat(match.describe())
        .endsWith(
            "; 2 of 4 branches of each head left out, because the released code sums the first two"
                + " of them only");
    check(config, golden, match, input(golden), false);
  }

  @ParameterizedTest
  @MethodSource("releasedFiles")
  void whatTheReleasedCodeBeginsWithGivesItsFeatures(Path file) throws IOException {
    JsonNode golden = GoldenNetworks.json(file);
    Path saved =
        new TorchDefinition("Scale.", golden.get("seed").asLong())
            .backbone(layers(golden), false)
            .head("layer5", 2048, 21)
            .save(directory.resolve("init.pth"));
    for (String from : List.of("released-init", "advent")) {
      RunConfig config = config(layers(golden), from, saved);
      WeightImport match = match(config, golden.get("classes").asInt());
      assertThat(match.problems()).isEmpty();
      assertThat(match.skipped()).hasSize(8).containsKey("Scale.layer5.conv2d_list.0.weight");
      assertThat(match.kept()).hasSize(8);
      check(config, golden, match, input(golden), true);
    }
  }

  private static TorchDefinition trained(JsonNode golden, int classes) {
    return new TorchDefinition("", golden.get("seed").asLong())
        .backbone(layers(golden), false)
        .head("layer5", 1024, classes)
        .head("layer6", 2048, classes);
  }

  @Test
  void adventsTrainedNetworkIsTakenWithAllFourBranchesOrNotAtAll() throws IOException {
    JsonNode golden = GoldenNetworks.json(releasedFiles().get(0));
    Path saved = trained(golden, 5).save(directory.resolve("advent.pth"));
    RunConfig four = config(layers(golden), "advent", saved, "model.head-rates=[6, 12, 18, 24]");
    WeightImport match = match(four, 5);
    assertThat(match.problems()).isEmpty();
    assertThat(match.skipped()).isEmpty();
    assertThatThrownBy(() -> match(config(layers(golden), "advent", saved), 5))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected model.head-rates: [6, 12, 18, 24]");
    // No origin, no rule.
    assertThat(match(config(layers(golden), "other", saved), 5).problems())
        .hasSize(8)
        .first()
        .asString()
        .contains("no rule of initial-weights.from says that this one may be left out");
  }

  @Test
  void aTrainedNetworkIsNotMistakenForInitialWeightsNorTheOtherWay() throws IOException {
    JsonNode golden = GoldenNetworks.json(releasedFiles().get(0));
    Path trained = trained(golden, 5).save(directory.resolve("trained.pth"));
    assertThatThrownBy(() -> match(config(layers(golden), "released-init", trained), 5))
        .hasMessageContaining("found a trained network's head");
    Path initial =
        new TorchDefinition("", 1)
            .backbone(layers(golden), true)
            .save(directory.resolve("init.pth"));
    assertThatThrownBy(() -> match(config(layers(golden), "adaptseg", initial), 5))
        .hasMessageContaining("found no main head");
  }

  @Test
  void theHeadOfALevelThatTheNetworkLacksIsLeftOut() throws IOException {
    JsonNode golden = GoldenNetworks.json(releasedFiles().get(0));
    Path saved = trained(golden, 5).save(directory.resolve("trained.pth"));
    WeightImport match =
        match(config(layers(golden), "adaptseg", saved, "model.levels={main: 4}"), 5);
    assertThat(match.problems()).isEmpty();
    assertThat(match.skipped())
        .containsEntry(
            "layer5.conv2d_list.0.weight", "the head of a level that model.levels lacks");
  }

  private static List<Integer> numbers(String list) {
    return Arrays.stream(list.replaceAll("[\\[\\] ]", "").split(","))
        .map(Integer::valueOf)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[3, 4, 6, 3] | 320", "[3, 4, 23, 3] | 626"})
  void everyTensorOfTorchvisionsResNetsIsAccountedFor(String list, int tensors) throws IOException {
    List<Integer> layers = numbers(list);
    TorchDefinition definition =
        new TorchDefinition("", 1).backbone(layers, true).imageNetClassifier();
    assertThat(definition.tensors()).hasSize(tensors);
    Path saved = definition.save(directory.resolve("resnet.pth"));
    WeightImport match = match(config(layers, "torchvision", saved, V15, TORCHVISION), 19);
    assertThat(match.problems()).isEmpty();
    assertThat(match.matched().size() + match.skipped().size()).isEqualTo(tensors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[2, 2, 2, 2] | 122", "[3, 4, 6, 3] | 218"})
  void everyTensorOfTorchvisionsResNetsOfBasicBlocksIsAccountedFor(String list, int tensors)
      throws IOException {
    TorchDefinition definition = new TorchDefinition("", 1).basicBackbone(numbers(list));
    assertThat(definition.tensors()).hasSize(tensors);
    Path saved = definition.save(directory.resolve("resnet18.pth"));
    // A basic block leaves no choice of where the stride is, so none is asked for.
    RunConfig config =
        TinyRun.config(
            "model={block: basic, layers: " + list + "}",
            "initial-weights={from: torchvision, file: '" + saved + "'}",
            TORCHVISION);
    WeightImport match = match(config, 19);
    assertThat(match.problems()).isEmpty();
    assertThat(match.matched().size() + match.skipped().size()).isEqualTo(tensors);
    assertThat(match.skipped()).containsEntry("fc.weight", "ImageNet's classifier");
    assertThat(match.kept()).hasSize(8).allMatch(key -> key.matches("layer[56]\\.conv2d_list.*"));
    assertThat(match.matched().keySet())
        .extracting(ParameterSlice::key)
        .contains("layer1.0.conv1.weight", "layer2.0.downsample.1.running_var")
        .doesNotContain("layer1.0.downsample.0.weight", "layer1.0.conv3.weight");
  }

  @Test
  void aFileOfBottlenecksIsNoneOfBasicBlocks() throws IOException {
    Path saved =
        new TorchDefinition("", 1)
            .backbone(List.of(1, 1, 1, 1), true)
            .imageNetClassifier()
            .save(directory.resolve("resnet.pth"));
    RunConfig config =
        TinyRun.config(
            "model={block: basic, layers: [1, 1, 1, 1]}",
            "initial-weights={from: torchvision, file: '" + saved + "'}",
            TORCHVISION);
    assertThat(String.join("\n", match(config, 19).problems()))
        .contains("layer1.0.conv3.weight", "layer1.0.conv1.weight");
  }

  @ParameterizedTest
  @CsvSource({"released-init, caffe", "torchvision, torchvision"})
  void vggsLayersBehindTheMissingPoolingAreFound(String from, String normalisation)
      throws IOException {
    Path saved = new TorchDefinition("", 1).vgg().save(directory.resolve("vgg16.pth"));
    RunConfig config =
        TinyRun.config(
            "model={backbone: vgg}",
            "data.normalisation=" + normalisation,
            "initial-weights={from: " + from + ", file: '" + saved + "'}");
    WeightImport match = match(config, 19);
    assertThat(match.problems()).isEmpty();
    assertThat(match.matched()).hasSize(26);
    // Layers 6 and 7 and the head of two branches, weight and bias each.
    assertThat(match.kept()).hasSize(8);
  }

  @Test
  void aNetworkOfAnotherFormIsRefusedWithWhatToSet() {
    assertThatThrownBy(() -> config(List.of(1, 1, 1, 1), "torchvision", Path.of("a.pth")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "initial-weights: expected model.stride-on: 3x3 and data.normalisation: torchvision,"
                + " which weights from torchvision were trained with, found stride-on 1x1,"
                + " normalisation caffe");
    assertThatThrownBy(
            () -> config(List.of(1, 1, 1, 1), "released-init", Path.of("a.pth"), TORCHVISION))
        .hasMessageContaining("expected model.stride-on: 1x1 and data.normalisation: caffe");
    assertThatThrownBy(
            () ->
                config(
                    List.of(1, 1, 1, 1), "adaptseg", Path.of("a.pth"), "model.head-rates=[1, 2]"))
        .hasMessageContaining("and model.head-rates: [6, 12]");
  }

  @Test
  void anOwnFileSaysWhatItsNetworkSeesAndLosesNoBranchButZeros() throws IOException {
    RunConfig wide =
        TinyRun.config("initial-weights={from: own, file: '" + directory.resolve("own") + "'}");
    Map<String, Tensor> tensors;
    try (Networks networks = new Networks(wide, 8)) {
      networks.initialize(1);
      tensors =
          WeightExport.tensors(
              networks.generator().network().slices(),
              networks.generator().parameters(),
              WeightExport.RELEASED_BRANCHES);
    }
    WeightFiles.write(
        tensors,
        WeightSource.about(wide),
        new org.apache.hadoop.fs.Path(directory.resolve("own").toUri()),
        new Configuration());
    assertThat(match(wide, 8).problems()).isEmpty();
    assertThat(match(wide, 8).describe()).contains("2 of 4 branches of each head left out");
    RunConfig other =
        TinyRun.config(
            "initial-weights={from: own, file: '" + directory.resolve("own") + "'}", TORCHVISION);
    assertThatThrownBy(() -> match(other, 8))
        .hasMessageContaining(
            "written by a network with normalisation caffe; the configuration has torchvision");
    tensors.put("layer6.conv2d_list.2.bias", Tensor.of(new float[] {0, 0, 0, 0, 0, 0, 0, 1}, 0, 8));
    WeightFiles.write(
        tensors,
        Map.of(),
        new org.apache.hadoop.fs.Path(directory.resolve("own").toUri()),
        new Configuration());
    assertThat(match(wide, 8).problems()).hasSize(1);
  }
}
