package org.adaptseg.nn.layers;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer of VGG: maybe max-pooling 2×2/2, then convolution 3×3 with bias at unchanged size, then
 * ReLU.
 */
public final class PlainConvolution extends KernelLayerConf {
  private static final long serialVersionUID = 1L;

  private final int inChannels;
  private final int outChannels;
  private final int dilation;
  private final boolean pooled;
  private final boolean image;

  /**
   * @param pooled whether pooling comes first
   * @param image whether the input is the image [N, C, H, W], whose gradient is never computed
   */
  public PlainConvolution(
      @JsonProperty("inChannels") int inChannels,
      @JsonProperty("outChannels") int outChannels,
      @JsonProperty("dilation") int dilation,
      @JsonProperty("pooled") boolean pooled,
      @JsonProperty("image") boolean image) {
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.dilation = dilation;
    this.pooled = pooled;
    this.image = image;
  }

  public int getInChannels() {
    return inChannels;
  }

  public int getOutChannels() {
    return outChannels;
  }

  public int getDilation() {
    return dilation;
  }

  public boolean isPooled() {
    return pooled;
  }

  public boolean isImage() {
    return image;
  }

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
  protected KernelLayer newLayer(NeuralNetConfiguration conf, DataType dataType) {
    return new PlainConvolutionLayer(conf, dataType, this);
  }
}
