package org.adaptseg.weights.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.graph.GraphOperators;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/**
 * A graph of ONNX's operators in the order in which they run. A node has one output, which has its
 * name; weights have PyTorch's keys.
 */
final class OnnxGraph implements GraphOperators {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("generator");
  private final Map<String, Tensor> tensors;
  private final Set<String> written = new HashSet<>();

  /**
   * @param tensors the generator's, by PyTorch's keys
   */
  OnnxGraph(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** The graph as it is now. */
  GraphProto.Builder proto() {
    return graph;
  }

  /** Number of the generator's tensors in it. */
  int weights() {
    return written.size();
  }

  /** Adds an operator and returns the name of its output. */
  String node(String type, String name, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(type)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(name)
            .addAllAttribute(List.of(attributes)));
    return name;
  }

  /** An attribute of one integer. */
  static AttributeProto number(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  /** An attribute of several integers. */
  static AttributeProto numbers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(LongStream.of(values).boxed().toList())
        .build();
  }

  /** An attribute of a text. */
  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  /** Adds a constant of integers. */
  String constant(String name, long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    tensor.setDataType(DataType.INT64_VALUE).addDims(values.length);
    LongStream.of(values).forEach(tensor::addInt64Data);
    graph.addInitializer(tensor);
    return name;
  }

  /** Adds a constant of floats, one a channel: [1, C, 1, 1]. */
  String channels(String name, float... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    tensor.setDataType(DataType.FLOAT_VALUE);
    tensor.addDims(1).addDims(values.length).addDims(1).addDims(1);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /**
   * An input or output.
   *
   * @param sizes a number, or a name where the caller decides
   */
  static ValueInfoProto value(String name, DataType type, String... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String size : sizes) {
      TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (Character.isDigit(size.charAt(0))) {
        dimension.setDimValue(Long.parseLong(size));
      } else {
        dimension.setDimParam(size);
      }
    }
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder();
    tensor.setElemType(type.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Adds a tensor of the generator, once; its values are not copied. */
  private String weight(String key) {
    if (written.add(key)) {
      Tensor tensor = tensors.get(key);
      TensorProto.Builder proto = TensorProto.newBuilder().setName(key);
      proto.setDataType(DataType.FLOAT_VALUE);
      LongStream.of(tensor.shape()).forEach(proto::addDims);
      graph.addInitializer(proto.setRawData(UnsafeByteOperations.unsafeWrap(tensor.data())));
    }
    return key;
  }

  @Override
  public String convolution(String module, Window window, boolean relu, String input) {
    List<String> inputs = new ArrayList<>(List.of(input, weight(module + ".weight")));
    if (tensors.containsKey(module + ".bias")) {
      inputs.add(weight(module + ".bias"));
    }
    long side = tensors.get(module + ".weight").shape()[2];
    long padding = window.dilation() * (side - 1) / 2;
    String output =
        node(
            "Conv",
            module,
            inputs,
            numbers("kernel_shape", side, side),
            numbers("strides", window.stride(), window.stride()),
            numbers("dilations", window.dilation(), window.dilation()),
            numbers("pads", padding, padding, padding, padding));
    return relu ? relu(module + ".relu", output) : output;
  }

  @Override
  public String normalisation(String module, String input) {
    return node(
        "BatchNormalization",
        module,
        List.of(
            input,
            weight(module + ".weight"),
            weight(module + ".bias"),
            weight(module + ".running_mean"),
            weight(module + ".running_var")),
        AttributeProto.newBuilder()
            .setName("epsilon")
            .setType(AttributeType.FLOAT)
            .setF((float) BatchNorm.EPSILON)
            .build());
  }

  @Override
  public String relu(String name, String input) {
    return node("Relu", name, List.of(input));
  }

  @Override
  public String maxPool(String name, MaxPool.Window window, String input) {
    long padding = window.padding();
    return node(
        "MaxPool",
        name,
        List.of(input),
        numbers("kernel_shape", window.side(), window.side()),
        numbers("strides", 2, 2),
        numbers("pads", padding, padding, padding, padding),
        number("ceil_mode", window == MaxPool.Window.STEM ? 1 : 0));
  }

  @Override
  public String sum(String name, List<String> inputs) {
    // Programs fuse a convolution with an Add behind it, and not with a Sum.
    return node(inputs.size() == 2 ? "Add" : "Sum", name, inputs);
  }
}
