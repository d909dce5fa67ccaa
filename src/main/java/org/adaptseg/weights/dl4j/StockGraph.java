package org.adaptseg.weights.dl4j;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.weights.graph.GraphOperators;
import org.adaptseg.weights.graph.GraphWalk;
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
public final class StockGraph implements GraphOperators {
  private static final String IMAGE = "image";

  /** What a running value keeps of itself, PyTorch's momentum of 0.1. */
  private static final double DECAY = 0.9;

  private final Map<String, long[]> shapes;
  private final GraphBuilder graph;

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
    stock.graph.setOutputs(
        GraphWalk.write(architecture, architecture.heads(), IMAGE, stock).toArray(String[]::new));
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

  @Override
  public String convolution(String module, Window window, boolean relu, String input) {
    long[] shape = shapes.get(module + ".weight");
    int side = Math.toIntExact(shape[2]);
    int padding = window.dilation() * (side - 1) / 2;
    graph.addLayer(
        module,
        new ConvolutionLayer.Builder(side, side)
            .nIn(shape[1])
            .nOut(shape[0])
            .stride(window.stride(), window.stride())
            .dilation(window.dilation(), window.dilation())
            .padding(padding, padding)
            .hasBias(shapes.containsKey(module + ".bias"))
            .activation(relu ? Activation.RELU : Activation.IDENTITY)
            .build(),
        input);
    return module;
  }

  @Override
  public String normalisation(String module, String input) {
    long channels = shapes.get(module + ".weight")[0];
    graph.addLayer(
        module,
        new BatchNormalization.Builder()
            .nIn(channels)
            .nOut(channels)
            .eps(BatchNorm.EPSILON)
            .decay(DECAY)
            .useLogStd(false)
            .build(),
        input);
    return module;
  }

  @Override
  public String relu(String name, String input) {
    graph.addLayer(name, new ActivationLayer(Activation.RELU), input);
    return name;
  }

  @Override
  public String maxPool(String name, MaxPool.Window window, String input) {
    String padded = input;
    if (window == MaxPool.Window.STEM) {
      // Windows begin at -1 and end as in PyTorch's ceil mode; a zero wins no maximum.
      padded = "pad";
      graph.addLayer(padded, new ZeroPaddingLayer.Builder(1, 2, 1, 2).build(), input);
    }
    graph.addLayer(
        name,
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(window.side(), window.side())
            .stride(2, 2)
            .build(),
        padded);
    return name;
  }

  @Override
  public String sum(String name, List<String> inputs) {
    graph.addVertex(
        name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs.toArray(String[]::new));
    return name;
  }
}
