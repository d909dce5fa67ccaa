package org.adaptseg.weights.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.adaptseg.config.Backbone;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.Block;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.StrideOn;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.RgbImage;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Upsampling;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.job.Configurations;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture.Head;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.Tensors;
import org.adaptseg.train.Networks;
import org.adaptseg.weights.WeightExport;
import org.adaptseg.weights.WeightsException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exported networks, run by ONNX Runtime. Distances are the largest absolute difference over the
 * largest absolute logit, as for the golden files.
 */
@Tag("golden")
class OnnxFileTest {
  private static final double CLOSE = 1e-4;
  private static final OnnxForm PLAIN = new OnnxForm(true, Normalisation.CAFFE, false, false);

  private static final GeneratorArchitecture SMALL =
      new GeneratorArchitecture(List.of(1, 1, 1, 1), 8, 5, List.of(6, 12));

  @TempDir Path directory;

  /** What a network of ours says to images, [N, C, H, W]. */
  private record Ours(Path file, float[] logits) {}

  private record Sizes(int images, int height, int width) {}

  static Stream<GeneratorArchitecture> architectures() {
    RunConfig demo = Configurations.read("conf/demo.yaml", List.of());
    return Stream.of(
        new GeneratorArchitecture(Backbone.RESNET.layers(), 64, 19, List.of(6, 12)),
        new GeneratorArchitecture(
            Backbone.VGG,
            Backbone.VGG.layers(),
            64,
            19,
            List.of(6, 12),
            List.of(new Head(Level.MAIN, 5))),
        Networks.architecture(demo.model(), 8));
  }

  /** Networks that differ in what the former have alike. */
  static Stream<GeneratorArchitecture> small() {
    return Stream.of(
        SMALL,
        new GeneratorArchitecture(
            Backbone.RESNET,
            List.of(2, 2, 1, 1),
            8,
            5,
            List.of(6, 12),
            StrideOn.REDUCTION,
            Block.BASIC,
            GeneratorArchitecture.PAPER),
        new GeneratorArchitecture(
            Backbone.RESNET,
            List.of(1, 2, 1, 1),
            8,
            5,
            List.of(6, 12, 18, 24),
            StrideOn.SPATIAL,
            GeneratorArchitecture.PAPER),
        new GeneratorArchitecture(
            Backbone.VGG,
            List.of(1, 1, 2, 1, 1),
            8,
            5,
            List.of(1),
            List.of(new Head(Level.AUX, 4), new Head(Level.MAIN, 5))));
  }

  /** The same images on both sides, and our network in a file. */
  private Ours ours(GeneratorArchitecture architecture, OnnxForm form, float[] images, Sizes sizes)
      throws IOException {
    try (Engine engine = new OneDnnEngine();
        Generator generator = new Generator(architecture, engine)) {
      GoldenNetworks.fill(generator, "G.", 7);
      Path file = directory.resolve("network.onnx");
      OnnxFile.write(
          architecture,
          WeightExport.tensors(generator.slices(), generator.parameters().read(), 0),
          form,
          Map.of("normalisation", "caffe"),
          "test",
          new org.apache.hadoop.fs.Path(file.toUri()),
          new Configuration());
      FeatureShape shape = new FeatureShape(sizes.images(), 3, sizes.height(), sizes.width());
      var logits = generator.segment(Tensors.image(engine, shape, images));
      FeatureShape large =
          new FeatureShape(sizes.images(), architecture.classes(), sizes.height(), sizes.width());
      try (var pixels = engine.tensor(org.adaptseg.engine.Tensor.Kind.PIXELS, large);
          Upsampling upsampling =
              engine.upsampling(
                  logits.shape(), sizes.height(), sizes.width(), form.alignCorners())) {
        upsampling.forward(logits, pixels);
        return new Ours(file, Tensors.floats(pixels));
      }
    }
  }

  private static float[] images(Sizes sizes) {
    float[] values =
        GoldenTensors.unit("image", 3, sizes.images() * 3 * sizes.height() * sizes.width());
    for (int i = 0; i < values.length; i++) {
      values[i] *= 100;
    }
    return values;
  }

  /** Pixels [N, H, W, 3]. */
  private static List<RgbImage> pictures(Sizes sizes) {
    List<RgbImage> pictures = new ArrayList<>();
    for (int n = 0; n < sizes.images(); n++) {
      float[] values = GoldenTensors.unit("picture" + n, 3, sizes.height() * sizes.width() * 3);
      byte[] rgb = new byte[values.length];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) Math.round(127.5f + 127.5f * values[i]);
      }
      pictures.add(new RgbImage(sizes.height(), sizes.width(), rgb));
    }
    return pictures;
  }

  private static float[] prepared(List<RgbImage> pictures, Normalisation normalisation) {
    int each = pictures.get(0).rgb().length;
    FloatBuffer all = FloatBuffer.allocate(pictures.size() * each);
    pictures.forEach(picture -> all.put(Image.of(picture, normalisation).chw()));
    return all.array();
  }

  private static ByteBuffer bytes(List<RgbImage> pictures) {
    ByteBuffer all = ByteBuffer.allocateDirect(pictures.size() * pictures.get(0).rgb().length);
    pictures.forEach(picture -> all.put(picture.rgb()));
    return all.flip();
  }

  /** What ONNX Runtime's result is made into. */
  private interface Reader<T> {
    T read(OnnxTensor result) throws OrtException;
  }

  private static <T> T run(Path file, String input, OnnxTensor tensor, Reader<T> reader)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString());
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return reader.read((OnnxTensor) result.get(0));
    }
  }

  private static float[] logits(Path file, float[] images, Sizes sizes) throws OrtException {
    long[] shape = {sizes.images(), 3, sizes.height(), sizes.width()};
    try (OnnxTensor tensor =
        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(images), shape)) {
      return run(file, OnnxForm.IMAGE, tensor, OnnxFileTest::floats);
    }
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static void checkClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    assertThat(largest).as("logits").isGreaterThan(0.1);
    assertThat(difference / largest).isLessThan(CLOSE);
  }

  @ParameterizedTest
  @MethodSource({"architectures", "small"})
  void onnxRuntimeGivesOurLogitsAtAnySizeAndForSeveralImages(GeneratorArchitecture architecture)
      throws IOException, OrtException {
    for (Sizes sizes : List.of(new Sizes(1, 65, 97), new Sizes(2, 64, 128))) {
      float[] images = images(sizes);
      Ours ours = ours(architecture, PLAIN, images, sizes);
      checkClose(logits(ours.file(), images, sizes), ours.logits());
    }
  }

  /** Heights for which floor and ceil of the stem's pooling differ and agree, and of stage 2. */
  @ParameterizedTest
  @ValueSource(ints = {32, 33, 34, 35, 36, 37, 38, 39})
  void mapsHaveOurSizesWhateverTheImages(int height) throws IOException, OrtException {
    Sizes sizes = new Sizes(1, height, height + 5);
    float[] images = images(sizes);
    for (boolean alignCorners : new boolean[] {true, false}) {
      OnnxForm form = new OnnxForm(alignCorners, Normalisation.CAFFE, false, false);
      Ours ours = ours(SMALL, form, images, sizes);
      checkClose(logits(ours.file(), images, sizes), ours.logits());
    }
  }

  @Test
  void aModelThatNormalisesTakesPicturesAsTheyAreDecoded() throws IOException, OrtException {
    Sizes sizes = new Sizes(2, 40, 51);
    List<RgbImage> pictures = pictures(sizes);
    long[] shape = {2, 40, 51, 3};
    for (Normalisation normalisation : Normalisation.values()) {
      OnnxForm form = new OnnxForm(true, normalisation, true, false);
      Ours ours = ours(SMALL, form, prepared(pictures, normalisation), sizes);
      try (OnnxTensor tensor =
          OnnxTensor.createTensor(
              OrtEnvironment.getEnvironment(),
              bytes(pictures),
              shape,
              ai.onnxruntime.OnnxJavaType.UINT8)) {
        checkClose(run(ours.file(), OnnxForm.PIXELS, tensor, OnnxFileTest::floats), ours.logits());
      }
    }
  }

  @Test
  void aModelThatChoosesGivesTheLikeliestClassOfEveryPixel() throws IOException, OrtException {
    Sizes sizes = new Sizes(2, 40, 51);
    float[] images = images(sizes);
    OnnxForm form = new OnnxForm(true, Normalisation.CAFFE, false, true);
    Ours ours = ours(SMALL, form, images, sizes);
    byte[][][] found;
    try (OnnxTensor tensor =
        OnnxTensor.createTensor(
            OrtEnvironment.getEnvironment(), FloatBuffer.wrap(images), new long[] {2, 3, 40, 51})) {
      found = run(ours.file(), OnnxForm.IMAGE, tensor, result -> (byte[][][]) result.getValue());
    }
    int area = 40 * 51;
    int different = 0;
    for (int i = 0; i < 2 * area; i++) {
      int best = 0;
      for (int c = 1; c < 5; c++) {
        int at = i / area * 5 * area + i % area;
        best = ours.logits()[at + c * area] > ours.logits()[at + best * area] ? c : best;
      }
      different += found[i / area][i % area / 51][i % 51] == best ? 0 : 1;
    }
    // A pixel may round to the other of two equal classes.
    assertThat(different).isLessThanOrEqualTo(4);
  }

  /** The rules of ONNX's checker. */
  @ParameterizedTest
  @MethodSource("small")
  void aFileHoldsToTheRulesOfTheFormat(GeneratorArchitecture architecture) throws IOException {
    OnnxForm form = new OnnxForm(true, Normalisation.TORCHVISION, true, true);
    Sizes sizes = new Sizes(1, 32, 32);
    Ours ours = ours(architecture, form, images(sizes), sizes);
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(ours.file()));

    assertThat(model.getIrVersion()).isEqualTo(8);
    assertThat(model.getOpsetImportList()).hasSize(1);
    assertThat(model.getOpsetImport(0).getVersion()).isGreaterThanOrEqualTo(17);
    assertThat(model.getProducerName()).isEqualTo("adaptseg-spark");
    assertThat(model.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey)
        .containsExactly("normalisation");
    Set<String> names = new HashSet<>();
    model
        .getGraph()
        .getInputList()
        .forEach(input -> assertThat(names.add(input.getName())).isTrue());
    model
        .getGraph()
        .getInitializerList()
        .forEach(tensor -> assertThat(names.add(tensor.getName())).isTrue());
    Set<String> read = new HashSet<>();
    Set<String> nodes = new HashSet<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      assertThat(nodes.add(node.getName())).as(node.getName()).isTrue();
      read.addAll(node.getInputList());
      read.remove("");
      assertThat(names).as("before " + node.getName()).containsAll(read);
      assertThat(names.add(node.getOutput(0))).as(node.getName()).isTrue();
    }
    assertThat(names).contains(model.getGraph().getOutput(0).getName());
    assertThat(read)
        .as("nothing that no operator reads, such as an auxiliary head")
        .containsAll(
            model.getGraph().getInitializerList().stream().map(TensorProto::getName).toList());
  }

  @Test
  void aFileHasTheSameBytesEveryTime() throws IOException {
    Sizes sizes = new Sizes(1, 32, 32);
    byte[] first = Files.readAllBytes(ours(SMALL, PLAIN, images(sizes), sizes).file());

    assertThat(ours(SMALL, PLAIN, images(sizes), sizes).file()).hasBinaryContent(first);
  }

  @Test
  void whatProtocolBuffersCannotHoldIsRefusedBeforeItIsWritten() {
    OnnxFile.requireRoom(2_000_000_000);

    assertThatThrownBy(() -> OnnxFile.requireRoom(2_147_483_648L))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            "Cannot write an ONNX file: expected weights of at most 2143289343 bytes, which"
                + " Protocol Buffers can hold, found 2147483648 (--format safetensors has no such"
                + " limit)");
  }
}
