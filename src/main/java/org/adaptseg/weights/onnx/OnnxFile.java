package org.adaptseg.weights.onnx;

import static org.adaptseg.weights.onnx.OnnxGraph.number;
import static org.adaptseg.weights.onnx.OnnxGraph.numbers;
import static org.adaptseg.weights.onnx.OnnxGraph.text;
import static org.adaptseg.weights.onnx.OnnxGraph.value;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;
import org.adaptseg.config.Level;
import org.adaptseg.data.image.InputChannels;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture.Head;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.WeightsException;
import org.adaptseg.weights.graph.GraphWalk;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A generator as an ONNX model: the head that predictions use, upsampled to the input's size. The
 * number of images and their size are the caller's, run by run.
 */
public final class OnnxFile {
  /** Version of ONNX's operators. */
  static final long OPSET = 17;

  /** Version of the file's form; the one that came with {@link #OPSET}. */
  static final long IR_VERSION = 8;

  /** A message of Protocol Buffers is no longer than this. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  /** Bytes of the graph without weights, at most. */
  private static final long GRAPH_BYTES = 1 << 22;

  private OnnxFile() {}

  /**
   * Writes a model as a whole, replacing another of its name.
   *
   * @param tensors the generator's, by PyTorch's keys
   * @param about what the file says of itself, as its metadata
   * @param version of the program
   * @return number of tensors written
   * @throws WeightsException if the network is too large for the format
   */
  public static int write(
      GeneratorArchitecture architecture,
      Map<String, Tensor> tensors,
      OnnxForm form,
      Map<String, String> about,
      String version,
      Path file,
      Configuration hadoop)
      throws IOException {
    requireRoom(tensors.values().stream().mapToLong(t -> t.data().capacity()).sum());
    OnnxGraph graph = new OnnxGraph(tensors);
    String image = form.normalises() ? prepared(graph, form) : OnnxForm.IMAGE;
    List<Head> main =
        architecture.heads().stream().filter(h -> h.level().equals(Level.MAIN)).toList();
    String logits = GraphWalk.write(architecture, main, image, graph).get(0);
    String upsampled =
        upsampled(graph, form, image, logits, form.classes() ? "upsampled" : OnnxForm.LOGITS);
    if (form.classes()) {
      graph.node("ArgMax", "arg-max", List.of(upsampled), number("axis", 1), number("keepdims", 0));
      graph.node("Cast", OnnxForm.CLASSES, List.of("arg-max"), number("to", DataType.UINT8_VALUE));
    }
    graph.proto().addInput(input(form)).addOutput(output(form, architecture.classes()));
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("adaptseg-spark")
            .setProducerVersion(version)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph.proto());
    new TreeMap<>(about)
        .forEach(
            (key, text) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
    WholeFile.write(file, model.build()::writeTo, hadoop);
    return graph.weights();
  }

  /**
   * Refuses what a file of this format cannot hold.
   *
   * @param bytes of all tensors
   */
  static void requireRoom(long bytes) {
    if (bytes > MAX_BYTES - GRAPH_BYTES) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "Cannot write an ONNX file: expected weights of at most %d bytes, which Protocol"
                  + " Buffers can hold, found %d (--format safetensors has no such limit)",
              MAX_BYTES - GRAPH_BYTES,
              bytes));
    }
  }

  private static ValueInfoProto input(OnnxForm form) {
    return form.normalises()
        ? value(OnnxForm.PIXELS, DataType.UINT8, "batch", "height", "width", "3")
        : value(OnnxForm.IMAGE, DataType.FLOAT, "batch", "3", "height", "width");
  }

  private static ValueInfoProto output(OnnxForm form, int classes) {
    return form.classes()
        ? value(OnnxForm.CLASSES, DataType.UINT8, "batch", "height", "width")
        : value(
            OnnxForm.LOGITS, DataType.FLOAT, "batch", String.valueOf(classes), "height", "width");
  }

  /** As {@link org.adaptseg.data.image.Image#of} has it. */
  private static String prepared(OnnxGraph graph, OnnxForm form) {
    InputChannels channels = InputChannels.of(form.normalisation());
    long[] order = {channels.of(0), channels.of(1), channels.of(2)};
    graph.node("Cast", "values", List.of(OnnxForm.PIXELS), number("to", DataType.FLOAT_VALUE));
    graph.node("Transpose", "planes", List.of("values"), numbers("perm", 0, 3, 1, 2));
    graph.node(
        "Gather",
        "ordered",
        List.of("planes", graph.constant("channel-order", order)),
        number("axis", 1));
    String mean =
        graph.channels("channel-mean", channels.mean(0), channels.mean(1), channels.mean(2));
    graph.node("Sub", "centred", List.of("ordered", mean));
    String scale =
        graph.channels("channel-scale", channels.scale(0), channels.scale(1), channels.scale(2));
    return graph.node("Mul", OnnxForm.IMAGE, List.of("centred", scale));
  }

  /** Bilinear, to the size of the image that this run got. */
  private static String upsampled(
      OnnxGraph graph, OnnxForm form, String image, String logits, String name) {
    graph.node(
        "Shape", "images-and-classes", List.of(logits), number("start", 0), number("end", 2));
    graph.node("Shape", "height-and-width", List.of(image), number("start", 2), number("end", 4));
    graph.node(
        "Concat",
        "upsampled-size",
        List.of("images-and-classes", "height-and-width"),
        number("axis", 0));
    return graph.node(
        "Resize",
        name,
        List.of(logits, "", "", "upsampled-size"),
        text("mode", "linear"),
        text(
            "coordinate_transformation_mode",
            form.alignCorners() ? "align_corners" : "half_pixel"));
  }
}
