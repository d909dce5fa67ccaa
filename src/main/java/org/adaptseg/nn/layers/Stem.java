package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.List;

/**
 * The ResNet's first layer: convolution 7×7/2 padding 3, batch normalisation, ReLU, max-pooling
 * 3×3/2 padding 1 in ceil mode. Input: image [N, 3, H, W].
 *
 * @param inChannels of the image
 * @param outChannels of the output
 */
public record Stem(int inChannels, int outChannels) implements LayerSpec {
  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>();
    all.add(ParameterSpec.weight("conv1.weight", outChannels, inChannels, 7));
    all.addAll(ParameterSpec.norm("bn1", outChannels));
    return List.copyOf(all);
  }

  @Override
  public LayerWork work(double pixels) {
    double convolved = pixels / 4;
    double pooled = pixels / 16;
    return new LayerWork(pooled, weights() * convolved, outChannels * (2 * convolved + pooled));
  }

  @Override
  public Layer at(LayerSite site) {
    return new StemLayer(site, this);
  }
}
