package org.adaptseg.weights.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.adaptseg.config.StrideOn;
import org.adaptseg.engine.BatchNorm;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.NetworkLayer;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.LayerSpec;
import org.adaptseg.nn.layers.PlainConvolution;
import org.adaptseg.nn.layers.ResidualBlock;
import org.adaptseg.nn.layers.Stem;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A generator as a graph of DL4J's own layers. Layers have the names of PyTorch's modules; the
 * input is {@code image} [N, 3, H, W], the outputs are the heads' logits [N, C, h, w] in the order
 * of the stages, before they are upsampled.
 */
public final class StockGraph {
  private static final String IMAGE = "image";

  /** What a running value keeps of itself, PyTorch's momentum of 0.1. */
  private static final double DECAY = 0.9;

  private final Map<String, long[]> shapes;
  private final GraphBuilder graph;
  private final Map<String, String> outputs = new HashMap<>();

  private StockGraph(List<ParameterSlice> tensors) {
    this.shapes =
        tensors.stream()
            .collect(Collectors.toMap(ParameterSlice::key, ParameterSlice::shape, (a, b) -> a));
    this.graph =
        new NeuralNetConfiguration.Builder()
            .seed(0) // by default the time
            .dataType(DataType.FLOAT)
            .convolutionMode(ConvolutionMode.Truncate)
            .graphBuilder()
            .addInputs(IMAGE);
  }

  /**
   * DL4J's configuration of a generator, as its zip files hold it.
   *
   * @param tensors the generator's, with PyTorch's keys
   * @return JSON, with the order of the layers in the flat vector of parameters
   */
  public static String json(GeneratorArchitecture architecture, List<ParameterSlice> tensors) {
    StockGraph stock = new StockGraph(tensors);
    Generator.plan(architecture).forEach(stock::add);
    stock.graph.setOutputs(
        architecture.heads().stream().map(architecture::module).toArray(String[]::new));
    ComputationGraphConfiguration configuration = stock.graph.build();
    // DL4J keeps the order in the configuration once a graph has asked for it.
    new ComputationGraph(configuration).topologicalSortOrder();
    configuration.getVertices().values().forEach(StockGraph::nameParameters);
    return configuration.toJson();
  }

  /**
   * Does what DL4J does when a network gets its parameters. By their names it tells, when it reads
   * the file, whether a batch normalisation has variances or logarithms of deviations.
   */
  private static void nameParameters(GraphVertex vertex) {
    if (vertex instanceof LayerVertex layer) {
      NeuralNetConfiguration of = layer.getLayerConf();
      of.getLayer().initializer().paramKeys(of.getLayer()).forEach(of::addVariable);
    }
  }

  private void add(NetworkLayer layer) {
    String input = layer.input() == null ? IMAGE : outputs.get(layer.input());
    LayerSpec spec = layer.spec();
    String output;
    if (spec instanceof Stem) {
      output = stem(input);
    } else if (spec instanceof ResidualBlock block) {
      output = block(layer.module() + ".", block, input);
    } else if (spec instanceof PlainConvolution plain) {
      output = plain(layer.module(), plain, input);
    } else if (spec instanceof DilatedHead head) {
      output = head(layer.module(), head, input);
    } else {
      throw new IllegalArgumentException(
          "Cannot write a layer for DL4J: expected one of a generator, found " + spec);
    }
    outputs.put(layer.name(), output);
  }

  private String stem(String input) {
    String last = relu("relu", normalized("conv1", "bn1", new Window(2, 1), input));
    // Windows begin at -1 and end as in PyTorch's ceil mode; behind a ReLU a zero wins no maximum.
    graph.addLayer("pad", new ZeroPaddingLayer.Builder(1, 2, 1, 2).build(), last);
    return pool("maxpool", 3, "pad");
  }

  private String block(String name, ResidualBlock block, String input) {
    boolean spatial = block.strideOn() == StrideOn.SPATIAL;
    int stride = block.stride();
    String last =
        normalized(name + "conv1", name + "bn1", new Window(spatial ? 1 : stride, 1), input);
    last = relu(name + "relu1", last);
    Window middle = new Window(spatial ? stride : 1, block.dilation());
    last = relu(name + "relu2", normalized(name + "conv2", name + "bn2", middle, last));
    last = normalized(name + "conv3", name + "bn3", new Window(1, 1), last);
    String shortcut = input;
    if (block.projection()) {
      shortcut =
          normalized(name + "downsample.0", name + "downsample.1", new Window(stride, 1), input);
    }
    return relu(name + "relu3", sum(name + "add", last, shortcut));
  }

  private String plain(String name, PlainConvolution layer, String input) {
    // PyTorch numbers the modules of a sequence: the pooling is the one before.
    int dot = name.lastIndexOf('.');
    String before = name.substring(0, dot + 1) + (Integer.parseInt(name.substring(dot + 1)) - 1);
    String map = layer.pooled() ? pool(before, 2, input) : input;
    return convolution(name, new Window(1, layer.dilation()), Activation.RELU, map);
  }

  private String head(String name, DilatedHead head, String input) {
    String[] branches = new String[head.rates().size()];
    for (int i = 0; i < branches.length; i++) {
      Window window = new Window(1, head.rates().get(i));
      branches[i] = convolution(name + ".conv2d_list." + i, window, Activation.IDENTITY, input);
    }
    return sum(name, branches);
  }

  /**
   * How a convolution goes over its input.
   *
   * @param dilation distance of the places that it sees
   */
  private record Window(int stride, int dilation) {}

  private String normalized(String convolution, String norm, Window window, String input) {
    convolution(convolution, window, Activation.IDENTITY, input);
    long channels = shapes.get(norm + ".weight")[0];
    graph.addLayer(
        norm,
        new BatchNormalization.Builder()
            .nIn(channels)
            .nOut(channels)
            .eps(BatchNorm.EPSILON)
            .decay(DECAY)
            .useLogStd(false)
            .build(),
        convolution);
    return norm;
  }

  /** Padded so that a map of stride 1 keeps its size. */
  private String convolution(String name, Window window, Activation activation, String input) {
    long[] shape = shapes.get(name + ".weight");
    int side = Math.toIntExact(shape[2]);
    int padding = window.dilation() * (side - 1) / 2;
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(side, side)
            .nIn(shape[1])
            .nOut(shape[0])
            .stride(window.stride(), window.stride())
            .dilation(window.dilation(), window.dilation())
            .padding(padding, padding)
            .hasBias(shapes.containsKey(name + ".bias"))
            .activation(activation)
            .build(),
        input);
    return name;
  }

  private String relu(String name, String input) {
    graph.addLayer(name, new ActivationLayer(Activation.RELU), input);
    return name;
  }

  private String pool(String name, int side, String input) {
    graph.addLayer(
        name,
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(side, side)
            .stride(2, 2)
            .build(),
        input);
    return name;
  }

  private String sum(String name, String... inputs) {
    graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
    return name;
  }
}
