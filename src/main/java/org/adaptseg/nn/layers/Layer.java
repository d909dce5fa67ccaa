package org.adaptseg.nn.layers;

import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Tensor;

/** A layer at work. Operators are made for each shape that it meets, and kept. */
public abstract class Layer {
  private final LayerSite site;

  Layer(LayerSite site) {
    this.site = site;
  }

  /** The output; it belongs to the layer and lasts until its next forward. */
  public abstract Tensor forward(Tensor x, boolean training);

  /**
   * Fills the gradients of the parameters and returns that of x, or null where none is wanted.
   *
   * @param x the input of the last training forward
   * @param g gradient of the output; may be overwritten
   */
  public abstract Tensor backward(Tensor x, Tensor g);

  final LayerSite site() {
    return site;
  }

  final LayerContext context() {
    return site.context();
  }

  final Engine engine() {
    return site.context().engine();
  }
}
