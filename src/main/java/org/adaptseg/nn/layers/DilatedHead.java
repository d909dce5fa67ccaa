package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.List;

/**
 * Classification head: parallel 3×3 convolutions with bias, one per dilation rate, summed (ASPP of
 * DeepLab-v2).
 *
 * @param inChannels of the map
 * @param classes channels of the logits
 * @param rates dilations
 */
public record DilatedHead(int inChannels, int classes, List<Integer> rates) implements LayerSpec {
  public DilatedHead {
    rates = List.copyOf(rates);
  }

  static String module(int branch) {
    return "conv2d_list." + branch;
  }

  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>();
    for (int i = 0; i < rates.size(); i++) {
      all.add(ParameterSpec.weight(module(i) + ".weight", classes, inChannels, 3));
      all.add(ParameterSpec.bias(module(i) + ".bias", classes));
    }
    return List.copyOf(all);
  }

  @Override
  public LayerWork work(double pixels) {
    return new LayerWork(pixels, weights() * pixels, 0);
  }

  @Override
  public Layer at(LayerSite site) {
    return new DilatedHeadLayer(site, this);
  }
}
