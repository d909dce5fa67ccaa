package org.adaptseg.nn.layers;

import java.util.List;

/** What a layer is. */
public sealed interface LayerSpec
    permits BasicBlock, DilatedHead, LeakyConvolution, PlainConvolution, ResidualBlock, Stem {
  /** The layer's parameters in the order of its flat vector. */
  List<ParameterSpec> parameters();

  /**
   * What the layer computes and keeps.
   *
   * @param pixels of the input's map
   */
  LayerWork work(double pixels);

  /** The layer at its place in a network. */
  Layer at(LayerSite site);

  /** Values of the layer's convolution weights. */
  default long weights() {
    return parameters().stream()
        .filter(p -> p.role() == ParameterSpec.Role.WEIGHT)
        .mapToLong(ParameterSpec::length)
        .sum();
  }

  /** Values of all parameters. */
  default long length() {
    return parameters().stream().mapToLong(ParameterSpec::length).sum();
  }
}
