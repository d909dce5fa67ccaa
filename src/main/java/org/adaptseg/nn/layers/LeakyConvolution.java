package org.adaptseg.nn.layers;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A discriminator's layer: convolution 4×4/2 padding 1 with bias, then LeakyReLU unless it is the
 * last.
 */
public final class LeakyConvolution extends KernelLayerConf {
  private static final long serialVersionUID = 1L;

  /** Slope of the LeakyReLU below zero. */
  public static final double SLOPE = 0.2;

  private final int inChannels;
  private final int outChannels;
  private final boolean activated;
  private final boolean first;

  /**
   * @param activated whether LeakyReLU follows
   * @param first whether this is the network's first layer, whose input gradient is not always
   *     wanted
   */
  public LeakyConvolution(
      @JsonProperty("inChannels") int inChannels,
      @JsonProperty("outChannels") int outChannels,
      @JsonProperty("activated") boolean activated,
      @JsonProperty("first") boolean first) {
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.activated = activated;
    this.first = first;
  }

  public int getInChannels() {
    return inChannels;
  }

  public int getOutChannels() {
    return outChannels;
  }

  public boolean isActivated() {
    return activated;
  }

  public boolean isFirst() {
    return first;
  }

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
  protected KernelLayer newLayer(NeuralNetConfiguration conf, DataType dataType) {
    return new LeakyConvolutionLayer(conf, dataType, this);
  }
}
