package org.adaptseg.nn;

import java.util.List;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Vector;
import org.adaptseg.nn.layers.LayerContext;

/** What every network offers: flat vectors and where the tensors are in them. */
public abstract class Network implements AutoCloseable {
  final LayerContext context;
  final Chain chain;
  private final List<ParameterSlice> slices;
  private final Vector parameters;
  private final Vector gradients;

  /**
   * @param context shared with networks that take turns with this one
   */
  Network(List<NetworkLayer> plan, LayerContext context) {
    this.context = context;
    this.slices = NetworkLayer.slices(plan);
    long length = slices.stream().mapToLong(ParameterSlice::length).sum();
    this.parameters = context.engine().vector(length);
    this.gradients = context.engine().vector(length);
    this.chain = new Chain(plan, context, parameters, gradients);
    context.weightsChanged();
  }

  /**
   * All parameters and running statistics; writing to it changes the network, see {@link
   * #parametersChanged}.
   */
  public Vector parameters() {
    return parameters;
  }

  /** Gradients in the same layout; 0 for what is not trained. */
  public Vector gradients() {
    return gradients;
  }

  /** The part of {@link #parameters} that is a tensor. */
  public Vector parameter(ParameterSlice slice) {
    return parameters.part(slice.offset(), slice.length());
  }

  /** The tensors in flat order, without gaps. */
  public List<ParameterSlice> slices() {
    return slices;
  }

  /** Must be called after {@link #parameters} was written to. */
  public void parametersChanged() {
    context.weightsChanged();
  }

  final Engine engine() {
    return context.engine();
  }

  /** A text that is equal for interchangeable networks. */
  public abstract String fingerprint();

  /** Gives back the vectors; the context stays the caller's. */
  @Override
  public void close() {
    parameters.close();
    gradients.close();
  }
}
