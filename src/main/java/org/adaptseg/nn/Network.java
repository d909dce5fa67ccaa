package org.adaptseg.nn;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.adaptseg.nn.layers.LayerContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every network offers: flat vectors and where the tensors are in them. */
public abstract class Network implements AutoCloseable {
  final LayerContext context;
  final ExternalGraph graph;
  private final List<ParameterSlice> slices;

  /**
   * @param context shared with networks that take turns with this one
   * @param key turns the names of a layer and of its parameter into PyTorch's
   * @param head tells which layers are classification heads
   */
  Network(
      ComputationGraphConfiguration configuration,
      LayerContext context,
      BinaryOperator<String> key,
      Predicate<String> head) {
    this.context = context;
    this.graph = ExternalGraph.of(configuration, context);
    this.slices = graph.slices(key, head);
    context.weightsChanged();
  }

  /**
   * All parameters and running statistics, [n]; writing to it changes the network, see {@link
   * #parametersChanged}.
   */
  public INDArray parameters() {
    return graph.flatParameters();
  }

  /** Gradients in the same layout; 0 for what is not trained. */
  public INDArray gradients() {
    return graph.flatGradients();
  }

  /** The tensors in flat order, without gaps. */
  public List<ParameterSlice> slices() {
    return slices;
  }

  /** Must be called after {@link #parameters} was written to. */
  public void parametersChanged() {
    context.weightsChanged();
  }

  /** A text that is equal for interchangeable networks. */
  public abstract String fingerprint();

  @Override
  public void close() {
    graph.close();
  }
}
