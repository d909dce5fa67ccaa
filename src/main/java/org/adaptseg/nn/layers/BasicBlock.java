package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.List;

/**
 * A basic block of a dilated ResNet (He et al. 2015; ResNet-18 and -34): two convolutions 3×3 with
 * the dilation, the first with the stride; each with batch normalisation, ReLU after the first and
 * after the sum with the shortcut, which is the input or, with {@code projection}, a normalised 1×1
 * convolution of it. torchvision's block is this one with dilation 1.
 *
 * @param inChannels of the input
 * @param planes of the output
 * @param stride 1 or 2
 * @param dilation of both 3×3 convolutions
 * @param projection whether the shortcut is a convolution
 */
public record BasicBlock(int inChannels, int planes, int stride, int dilation, boolean projection)
    implements LayerSpec {
  /** Maps that a block keeps: two convolutions, what is between them, and the sum. */
  private static final int MAPS = 4;

  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>();
    all.add(ParameterSpec.weight("conv1.weight", planes, inChannels, 3));
    all.addAll(ParameterSpec.norm("bn1", planes));
    all.add(ParameterSpec.weight("conv2.weight", planes, planes, 3));
    all.addAll(ParameterSpec.norm("bn2", planes));
    if (projection) {
      all.add(ParameterSpec.weight("downsample.0.weight", planes, inChannels, 1));
      all.addAll(ParameterSpec.norm("downsample.1", planes));
    }
    return List.copyOf(all);
  }

  @Override
  public LayerWork work(double pixels) {
    double map = pixels / (stride * stride);
    return new LayerWork(map, weights() * map, planes * map * (projection ? MAPS + 1 : MAPS));
  }

  @Override
  public Layer at(LayerSite site) {
    return new BasicBlockLayer(site, this);
  }
}
