package org.adaptseg.weights.dl4j;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.adaptseg.config.StrideOn;
import org.adaptseg.engine.BatchNorm;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.ParameterSlice;
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
  private static final int[] STRIDES = {1, 2, 1, 1};
  private static final int[] DILATIONS = {1, 1, 2, 4};

  /** VGG's stages that the next one pools. */
  private static final int POOLED = 3;

  private static final int LAST_VGG_DILATION = 2;
  private static final int FC_DILATION = 4;

  /** What a running value keeps of itself, PyTorch's momentum of 0.1. */
  private static final double DECAY = 0.9;

  private final GeneratorArchitecture architecture;
  private final Map<String, long[]> shapes;
  private final GraphBuilder graph;

  private StockGraph(GeneratorArchitecture architecture, List<ParameterSlice> tensors) {
    this.architecture = architecture;
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
    StockGraph stock = new StockGraph(architecture, tensors);
    switch (architecture.backbone()) {
      case RESNET -> stock.resnet();
      case VGG -> stock.vgg();
    }
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

  private void resnet() {
    String last = normalized("conv1", "bn1", new Window(2, 1), IMAGE);
    last = relu("relu", last);
    // Windows begin at -1 and end as in PyTorch's ceil mode; behind a ReLU a zero wins no maximum.
    graph.addLayer("pad", new ZeroPaddingLayer.Builder(1, 2, 1, 2).build(), last);
    last = pool("maxpool", 3, "pad");
    for (int stage = 0; stage < STRIDES.length; stage++) {
      for (int block = 0; block < architecture.blocks().get(stage); block++) {
        int stride = block == 0 ? STRIDES[stage] : 1;
        last = block("layer" + (stage + 1) + "." + block + ".", stride, DILATIONS[stage], last);
      }
      heads(stage + 1, last);
    }
  }

  private String block(String name, int stride, int dilation, String input) {
    boolean spatial = architecture.strideOn() == StrideOn.SPATIAL;
    String last =
        normalized(name + "conv1", name + "bn1", new Window(spatial ? 1 : stride, 1), input);
    last = relu(name + "relu1", last);
    last =
        normalized(name + "conv2", name + "bn2", new Window(spatial ? stride : 1, dilation), last);
    last = relu(name + "relu2", last);
    last = normalized(name + "conv3", name + "bn3", new Window(1, 1), last);
    String shortcut = input;
    if (shapes.containsKey(name + "downsample.0.weight")) {
      shortcut =
          normalized(name + "downsample.0", name + "downsample.1", new Window(stride, 1), input);
    }
    return relu(name + "relu3", sum(name + "add", last, shortcut));
  }

  private void vgg() {
    String last = IMAGE;
    int number = 0;
    int stages = architecture.blocks().size();
    for (int stage = 1; stage <= stages; stage++) {
      for (int k = 0; k < architecture.blocks().get(stage - 1); k++) {
        if (k == 0 && stage > 1 && stage <= POOLED + 1) {
          last = pool("features." + number, 2, last);
          number++;
        }
        int dilation = stage == stages ? LAST_VGG_DILATION : 1;
        last = convolution("features." + number, new Window(1, dilation), Activation.RELU, last);
        number += 2;
      }
      if (stage == stages) {
        for (int fc = 0; fc < 2; fc++) {
          last =
              convolution("features." + number, new Window(1, FC_DILATION), Activation.RELU, last);
          number += 2;
        }
      }
      heads(stage, last);
    }
  }

  private void heads(int stage, String input) {
    for (GeneratorArchitecture.Head head : architecture.heads()) {
      if (head.stage() == stage) {
        String name = architecture.module(head);
        String[] branches = new String[architecture.headRates().size()];
        for (int i = 0; i < branches.length; i++) {
          Window window = new Window(1, architecture.headRates().get(i));
          branches[i] = convolution(name + ".conv2d_list." + i, window, Activation.IDENTITY, input);
        }
        sum(name, branches);
      }
    }
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
