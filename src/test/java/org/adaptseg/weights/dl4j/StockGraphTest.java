package org.adaptseg.weights.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.Block;
import org.adaptseg.config.StrideOn;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture.Head;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.weights.StateDictionary;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.WeightExport;
import org.adaptseg.weights.WeightFiles;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Exported networks, restored by plain DL4J. */
@Tag("golden")
class StockGraphTest {
  private static final List<Head> MAIN = List.of(new Head(Level.MAIN, 4));

  private static final GeneratorArchitecture SMALL = resnet(StrideOn.REDUCTION, 6, 12);

  @TempDir Path directory;

  private static GeneratorArchitecture resnet(StrideOn strideOn, Integer... rates) {
    return new GeneratorArchitecture(
        Backbone.RESNET,
        List.of(1, 2, 1, 1),
        8,
        5,
        List.of(rates),
        strideOn,
        GeneratorArchitecture.PAPER);
  }

  private static GeneratorArchitecture basic(List<Integer> blocks) {
    return new GeneratorArchitecture(
        Backbone.RESNET,
        blocks,
        8,
        5,
        List.of(6, 12),
        StrideOn.REDUCTION,
        Block.BASIC,
        GeneratorArchitecture.PAPER);
  }

  private static GeneratorArchitecture vgg(List<Integer> blocks, List<Head> heads) {
    return new GeneratorArchitecture(Backbone.VGG, blocks, 4, 5, List.of(6, 12), heads);
  }

  static Stream<GeneratorArchitecture> architectures() {
    return Stream.of(
        resnet(StrideOn.REDUCTION, 6, 12),
        resnet(StrideOn.SPATIAL, 6, 12, 18, 24),
        resnet(StrideOn.SPATIAL, 1),
        new GeneratorArchitecture(List.of(3, 4, 23, 3), 4, 5, List.of(6, 12)),
        new GeneratorArchitecture(List.of(1, 1, 2, 1), 8, 5, List.of(6, 12), MAIN),
        new GeneratorArchitecture(
            List.of(1, 1, 1, 2),
            8,
            5,
            List.of(6, 12),
            List.of(
                new Head(new Level("low"), 2), new Head(Level.AUX, 3), new Head(Level.MAIN, 4))),
        basic(List.of(2, 2, 2, 2)),
        basic(List.of(1, 2, 1, 1)),
        vgg(Backbone.VGG.layers(), List.of(new Head(Level.MAIN, 5))),
        vgg(List.of(1, 1, 2, 1, 1), List.of(new Head(Level.AUX, 4), new Head(Level.MAIN, 5))));
  }

  private static INDArray image(int height, int width) {
    float[] values = GoldenTensors.unit("image", 3, 3 * height * width);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 100;
    }
    return Nd4j.createFromArray(values).reshape('c', 1, 3, height, width);
  }

  private File export(GeneratorArchitecture architecture, OurNetwork ours) throws IOException {
    Path file = directory.resolve("network.zip");
    WeightFiles.writeDl4j(
        StockGraph.json(architecture, ours.slices()),
        WeightExport.tensors(ours.slices(), ours.parameters(), 0),
        Map.of("normalisation", "caffe", "stride-on", architecture.strideOn().key()),
        new org.apache.hadoop.fs.Path(file.toUri()),
        new Configuration());
    return file.toFile();
  }

  private static StateDictionary read(File file) throws IOException {
    return WeightFiles.read(new org.apache.hadoop.fs.Path(file.toURI()), new Configuration());
  }

  private static void checkLogits(INDArray[] theirs, OurNetwork ours) {
    assertThat(theirs).hasSameSizeAs(ours.logits());
    for (int head = 0; head < theirs.length; head++) {
      float[] expected = ours.logits().get(head).values();
      float[] found = theirs[head].dup('c').reshape(theirs[head].length()).toFloatVector();
      assertThat(theirs[head].shape()).containsExactly(ours.logits().get(head).shape());
      double largest = 0;
      double difference = 0;
      for (int i = 0; i < found.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(expected[i] - found[i]));
      }
      assertThat(largest).as("logits").isGreaterThan(0.1);
      assertThat(difference / largest).as("head " + head).isLessThan(1e-4);
    }
  }

  private static void checkBits(StateDictionary found, OurNetwork ours) {
    Map<String, Tensor> expected = WeightExport.tensors(ours.slices(), ours.parameters(), 0);
    assertThat(found.tensors().keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (key, tensor) -> {
          assertThat(found.tensors().get(key).shape()).as(key).containsExactly(tensor.shape());
          assertThat(found.tensors().get(key).data()).as(key).isEqualTo(tensor.data());
        });
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void dl4jRestoresTheNetworkAndItsLogits(GeneratorArchitecture architecture) throws IOException {
    INDArray image = image(65, 97);
    OurNetwork ours = OurNetwork.of(architecture, image);
    File file = export(architecture, ours);
    checkLogits(ModelSerializer.restoreComputationGraph(file).output(image), ours);
    checkBits(read(file), ours);
  }

  /** Heights for which floor and ceil of the stem's pooling differ and agree, and of stage 2. */
  @ParameterizedTest
  @ValueSource(ints = {32, 33, 34, 35, 36, 37, 38, 39})
  void mapsHaveOurSizesWhateverTheImages(int height) throws IOException {
    INDArray image = image(height, height + 5);
    OurNetwork ours = OurNetwork.of(SMALL, image);
    File file = export(SMALL, ours);
    checkLogits(ModelSerializer.restoreComputationGraph(file).output(image), ours);
  }

  @Test
  void theZipNamesOnlyClassesOfDl4jAndHasTheSameBytesEveryTime() throws IOException {
    OurNetwork ours = OurNetwork.of(SMALL, image(32, 32));
    byte[] first = Files.readAllBytes(export(SMALL, ours).toPath());
    File file = export(SMALL, ours);
    assertThat(Files.readAllBytes(file.toPath())).isEqualTo(first);
    try (ZipFile zip = new ZipFile(file)) {
      String json =
          new String(
              zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes(),
              StandardCharsets.UTF_8);
      List<String> classes =
          new ObjectMapper()
              .readTree(json).findValues("@class").stream()
                  .map(JsonNode::asText)
                  .distinct()
                  .toList();
      assertThat(classes)
          .hasSizeGreaterThan(5)
          .allMatch(name -> name.matches("org\\.(deeplearning4j|nd4j)\\..*"));
      assertThat(json).doesNotContain("adaptseg");
    }
  }

  @Test
  void whatDl4jSavesAgainIsReadWithTheSameBits() throws IOException {
    INDArray image = image(32, 32);
    GeneratorArchitecture architecture = resnet(StrideOn.SPATIAL, 6, 12, 18, 24);
    OurNetwork ours = OurNetwork.of(architecture, image);
    File again = directory.resolve("again.zip").toFile();
    ModelSerializer.writeModel(
        ModelSerializer.restoreComputationGraph(export(architecture, ours)), again, true);
    StateDictionary read = read(again);
    checkBits(read, ours);
    // What our own entry says is lost; what the layers say is not.
    assertThat(read.metadata())
        .containsOnly(Map.entry("stride-on", "3x3"), Map.entry("head-rates", "[6, 12, 18, 24]"));
  }

  @Test
  void aNetworkThatDl4jPreparesForTuningIsReadToo() throws IOException {
    INDArray image = image(32, 32);
    OurNetwork ours = OurNetwork.of(SMALL, image);
    File frozen = directory.resolve("frozen.zip").toFile();
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(export(SMALL, ours));
    ModelSerializer.writeModel(
        new TransferLearning.GraphBuilder(restored)
            .setFeatureExtractor("layer4.0.relu3")
            .addLayer("loss", new CnnLossLayer.Builder().build(), "layer6")
            .setOutputs("layer5", "loss")
            .build(),
        frozen,
        false);
    assertThat(Files.readString(unzipped(frozen))).contains("FrozenLayer");
    checkBits(read(frozen), ours);
  }

  private Path unzipped(File file) throws IOException {
    Path json = directory.resolve("configuration.json");
    try (ZipFile zip = new ZipFile(file)) {
      Files.write(json, zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes());
    }
    return json;
  }
}
