package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Classification head: parallel 3×3 convolutions with bias, one per dilation rate, summed (ASPP of
 * DeepLab-v2).
 */
public final class DilatedHead extends KernelLayerConf {
  private static final long serialVersionUID = 1L;
  private final int inChannels;
  private final int classes;
  private final List<Integer> rates;

  public DilatedHead(
      @JsonProperty("inChannels") int inChannels,
      @JsonProperty("classes") int classes,
      @JsonProperty("rates") List<Integer> rates) {
    this.inChannels = inChannels;
    this.classes = classes;
    this.rates = List.copyOf(rates);
  }

  public int getInChannels() {
    return inChannels;
  }

  public int getClasses() {
    return classes;
  }

  public List<Integer> getRates() {
    return rates;
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
  protected KernelLayer newLayer(NeuralNetConfiguration conf, DataType dataType) {
    return new DilatedHeadLayer(conf, dataType, this);
  }
}
