package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adaptseg.nn.layers.KernelLayer;
import org.adaptseg.nn.layers.KernelLayerConf;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.ParameterSpec;
import org.deeplearning4j.nn.api.FwdPassType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A computation graph of our layers whose losses come from outside. Works without workspaces: the
 * layers keep their own buffers.
 */
final class ExternalGraph extends ComputationGraph {
  private static final long serialVersionUID = 1L;

  private transient Map<String, INDArray> activations = Map.of();

  private ExternalGraph(ComputationGraphConfiguration configuration) {
    super(configuration);
  }

  static ExternalGraph of(ComputationGraphConfiguration configuration, LayerContext context) {
    ExternalGraph graph = new ExternalGraph(configuration);
    graph.init();
    graph.initGradientsView();
    for (org.deeplearning4j.nn.api.Layer layer : graph.getLayers()) {
      ((KernelLayer) layer).attach(context);
    }
    return graph;
  }

  /** Output of a vertex in the last forward; it belongs to the layer. */
  INDArray activation(String vertex) {
    return activations.get(vertex);
  }

  /** Outputs in the order of the configuration; they belong to the layers. */
  List<INDArray> forward(INDArray input, boolean training) {
    activations =
        ffToLayerActivationsDetached(
            training,
            FwdPassType.STANDARD,
            false,
            vertices.length - 1,
            null,
            new INDArray[] {input},
            null,
            null,
            false);
    return configuration.getNetworkOutputs().stream().map(activations::get).toList();
  }

  /**
   * Back-propagates gradients of the outputs through the last training forward.
   *
   * @return the gradient of the input, or null where the first layer gives none
   */
  INDArray backward(List<INDArray> gradients) {
    calcBackpropGradients(false, false, gradients.toArray(INDArray[]::new));
    return getVertex(configuration.getNetworkInputs().get(0)).getEpsilon();
  }

  /** Forgets inputs and epsilons; the buffers stay. */
  void forget() {
    for (GraphVertex v : vertices) {
      v.clear();
    }
  }

  INDArray flatParameters() {
    INDArray p = params();
    return p.reshape(p.length());
  }

  INDArray flatGradients() {
    return flattenedGradients.reshape(flattenedGradients.length());
  }

  /**
   * Gives the vectors back at once. What it overrides has the JVM collect its whole heap as well,
   * twice, which stops all tasks of an executor.
   */
  @Override
  public void close() {
    for (INDArray vector : new INDArray[] {flattenedParams, flattenedGradients}) {
      if (vector.closeable()) {
        vector.close();
      }
    }
  }

  /** Slices in flat order; {@code key} turns layer and parameter names into PyTorch's. */
  List<ParameterSlice> slices(
      java.util.function.BinaryOperator<String> key, java.util.function.Predicate<String> head) {
    List<ParameterSlice> slices = new ArrayList<>();
    long at = 0;
    for (int index : topologicalSortOrder()) {
      GraphVertex vertex = vertices[index];
      if (!vertex.hasLayer()) {
        continue;
      }
      String name = vertex.getVertexName();
      KernelLayerConf conf = (KernelLayerConf) vertex.getLayer().conf().getLayer();
      for (ParameterSpec p : conf.parameters()) {
        slices.add(
            new ParameterSlice(
                key.apply(name, p.name()), p.role(), head.test(name), at, p.shape()));
        at += p.length();
      }
    }
    return List.copyOf(slices);
  }
}
