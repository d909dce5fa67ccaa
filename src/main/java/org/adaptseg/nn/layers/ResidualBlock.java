package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Model;
import org.adaptseg.config.StrideOn;

/**
 * A bottleneck block of the dilated ResNet: 1×1, 3×3 (with the dilation), 1×1, the stride on the
 * first, as in the released code, or on the second, as in torchvision's networks; each with batch
 * normalisation, ReLU after the first two and after the sum with the shortcut, which is the input
 * or, with {@code projection}, a normalised 1×1 convolution of it.
 *
 * @param inChannels of the input
 * @param planes middle channels; the output has {@link #EXPANSION} times as many
 * @param stride 1 or 2
 * @param dilation of the 3×3 convolution
 * @param projection whether the shortcut is a convolution
 * @param strideOn which convolution has the stride
 */
public record ResidualBlock(
    int inChannels, int planes, int stride, int dilation, boolean projection, StrideOn strideOn)
    implements LayerSpec {
  /** Output channels over middle channels. */
  public static final int EXPANSION = Model.Block.BOTTLENECK.expansion();

  /** A block with its stride on the first convolution. */
  public ResidualBlock(int inChannels, int planes, int stride, int dilation, boolean projection) {
    this(inChannels, planes, stride, dilation, projection, StrideOn.REDUCTION);
  }

  @Override
  public List<ParameterSpec> parameters() {
    int out = planes * EXPANSION;
    List<ParameterSpec> all = new ArrayList<>();
    all.add(ParameterSpec.weight("conv1.weight", planes, inChannels, 1));
    all.addAll(ParameterSpec.norm("bn1", planes));
    all.add(ParameterSpec.weight("conv2.weight", planes, planes, 3));
    all.addAll(ParameterSpec.norm("bn2", planes));
    all.add(ParameterSpec.weight("conv3.weight", out, planes, 1));
    all.addAll(ParameterSpec.norm("bn3", out));
    if (projection) {
      all.add(ParameterSpec.weight("downsample.0.weight", out, inChannels, 1));
      all.addAll(ParameterSpec.norm("downsample.1", out));
    }
    return List.copyOf(all);
  }

  @Override
  public LayerWork work(double pixels) {
    double map = pixels / (stride * stride);
    // Where the stride is on the 3x3, the first convolution still works on the larger map.
    double first = strideOn == StrideOn.SPATIAL ? pixels : map;
    double reduction = (double) inChannels * planes;
    return new LayerWork(
        map,
        reduction * first + (weights() - reduction) * map,
        planes * (map * (4 + 2 * EXPANSION) + 2 * (first - map)));
  }

  @Override
  public Layer at(LayerSite site) {
    return new ResidualBlockLayer(site, this);
  }
}
