package org.adaptseg.nn.layers;

import java.util.List;

/**
 * A discriminator's layer: convolution 4×4/2 padding 1 with bias, then LeakyReLU unless it is the
 * last.
 *
 * @param inChannels of the input
 * @param outChannels of the output
 * @param activated whether LeakyReLU follows
 * @param first whether this is the network's first layer, whose input gradient is not always wanted
 */
public record LeakyConvolution(int inChannels, int outChannels, boolean activated, boolean first)
    implements LayerSpec {
  /** Slope of the LeakyReLU below zero. */
  public static final double SLOPE = 0.2;

  @Override
  public List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.weight("weight", outChannels, inChannels, 4),
        ParameterSpec.bias("bias", outChannels));
  }

  @Override
  public LayerWork work(double pixels) {
    double map = pixels / 4;
    return new LayerWork(map, weights() * map, outChannels * map);
  }

  @Override
  public Layer at(LayerSite site) {
    return new LeakyConvolutionLayer(site, this);
  }
}
