package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The ResNet's first layer: convolution 7×7/2 padding 3, batch normalisation, ReLU, max-pooling
 * 3×3/2 padding 1 in ceil mode. Input: image [N, 3, H, W].
 */
public final class Stem extends KernelLayerConf {
  private static final long serialVersionUID = 1L;
  private final int inChannels;
  private final int outChannels;

  public Stem(
      @JsonProperty("inChannels") int inChannels, @JsonProperty("outChannels") int outChannels) {
    this.inChannels = inChannels;
    this.outChannels = outChannels;
  }

  public int getInChannels() {
    return inChannels;
  }

  public int getOutChannels() {
    return outChannels;
  }

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
  protected KernelLayer newLayer(NeuralNetConfiguration conf, DataType dataType) {
    return new StemLayer(conf, dataType, this);
  }
}
