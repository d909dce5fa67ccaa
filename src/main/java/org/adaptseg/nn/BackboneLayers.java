package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.nn.layers.BasicBlock;
import org.adaptseg.nn.layers.LayerSpec;
import org.adaptseg.nn.layers.PlainConvolution;
import org.adaptseg.nn.layers.ResidualBlock;
import org.adaptseg.nn.layers.Stem;

/**
 * The layers of a backbone in a row, under the names of the PyTorch networks.
 *
 * @param layers in order
 */
record BackboneLayers(List<Entry> layers) {
  static final String STEM = "stem";
  private static final int[] STRIDES = {1, 2, 1, 1};
  private static final int[] DILATIONS = {1, 1, 2, 4};

  /** VGG's stages that the next one pools; the released code leaves out the other two poolings. */
  private static final int POOLED = 3;

  private static final int LAST_DILATION = 2;
  private static final int FC_DILATION = 4;

  /**
   * A layer.
   *
   * @param stage from 1; 0 before the first
   * @param channels of its output
   */
  record Entry(String name, LayerSpec layer, int stage, int channels) {}

  BackboneLayers {
    layers = List.copyOf(layers);
  }

  static BackboneLayers of(GeneratorArchitecture a) {
    return switch (a.backbone()) {
      case RESNET -> resnet(a);
      case VGG -> vgg(a);
    };
  }

  /** The last layer of a stage. */
  Entry end(int stage) {
    return layers.stream()
        .filter(e -> e.stage() == stage)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static BackboneLayers resnet(GeneratorArchitecture a) {
    List<Entry> layers = new ArrayList<>();
    layers.add(new Entry(STEM, new Stem(3, a.baseWidth()), 0, a.baseWidth()));
    int channels = a.baseWidth();
    for (int stage = 0; stage < STRIDES.length; stage++) {
      int planes = a.baseWidth() << stage;
      for (int block = 0; block < a.blocks().get(stage); block++) {
        int stride = block == 0 ? STRIDES[stage] : 1;
        int dilation = DILATIONS[stage];
        int out = planes * a.block().expansion();
        // As in torchvision: a stage's first block projects unless its shortcut fits as it is.
        boolean projection = block == 0 && (stride != 1 || channels != out);
        LayerSpec layer =
            switch (a.block()) {
              case BOTTLENECK ->
                  new ResidualBlock(channels, planes, stride, dilation, projection, a.strideOn());
              case BASIC -> new BasicBlock(channels, planes, stride, dilation, projection);
            };
        channels = out;
        layers.add(new Entry("layer" + (stage + 1) + "." + block, layer, stage + 1, channels));
      }
    }
    return new BackboneLayers(layers);
  }

  /**
   * VGG as the released code builds it: the last stage dilated by 2, and behind it the fully
   * connected layers 6 and 7 as convolutions dilated by 4. Its sequence numbers count ReLUs and
   * poolings too.
   */
  private static BackboneLayers vgg(GeneratorArchitecture a) {
    List<Entry> layers = new ArrayList<>();
    int number = 0;
    int channels = 3;
    int stages = a.blocks().size();
    for (int stage = 1; stage <= stages; stage++) {
      int width = a.baseWidth() << Math.min(stage - 1, POOLED);
      for (int k = 0; k < a.blocks().get(stage - 1); k++) {
        boolean pooled = k == 0 && stage > 1 && stage <= POOLED + 1;
        number += pooled ? 1 : 0;
        int dilation = stage == stages ? LAST_DILATION : 1;
        layers.add(
            new Entry(
                "features." + number,
                new PlainConvolution(channels, width, dilation, pooled, layers.isEmpty()),
                stage,
                width));
        channels = width;
        number += 2;
      }
    }
    for (int fc = 0; fc < 2; fc++) {
      int width = a.baseWidth() * 16;
      layers.add(
          new Entry(
              "features." + number,
              new PlainConvolution(channels, width, FC_DILATION, false, false),
              stages,
              width));
      channels = width;
      number += 2;
    }
    return new BackboneLayers(layers);
  }
}
