package org.adaptseg.nn.layers;

import java.util.List;

/**
 * A layer of VGG: maybe max-pooling 2×2/2, then convolution 3×3 with bias at unchanged size, then
 * ReLU.
 *
 * @param inChannels of the input
 * @param outChannels of the output
 * @param dilation of the convolution
 * @param pooled whether pooling comes first
 * @param image whether the input is the image, whose gradient is never computed
 */
public record PlainConvolution(
    int inChannels, int outChannels, int dilation, boolean pooled, boolean image)
    implements LayerSpec {
  @Override
  public List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.weight("weight", outChannels, inChannels, 3),
        ParameterSpec.bias("bias", outChannels));
  }

  @Override
  public LayerWork work(double pixels) {
    double map = pooled ? pixels / 4 : pixels;
    // The two gradients that take turns are as large as the largest map, which is the first.
    double kept = (image ? 3 : 1) * outChannels * map + (pooled ? inChannels * map : 0);
    return new LayerWork(map, weights() * map, kept);
  }

  @Override
  public Layer at(LayerSite site) {
    return new PlainConvolutionLayer(site, this);
  }
}
