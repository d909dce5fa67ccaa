package org.adaptseg.config;

import java.util.List;
import java.util.Map;

/** The network below the heads. */
public enum Backbone {
  /** Dilated ResNet; ResNet-101 by default. */
  RESNET(List.of(3, 4, 23, 3), Map.of("aux", 3, "main", 4), true),
  /** VGG in DeepLab-v2 form: no batch normalisation, one head; VGG-16 by default. */
  VGG(List.of(2, 2, 3, 3, 3), Map.of("main", 5), false);

  private final List<Integer> layers;
  private final Map<String, Integer> levels;

  private final boolean strided;

  Backbone(List<Integer> layers, Map<String, Integer> levels, boolean strided) {
    this.layers = layers;
    this.levels = levels;
    this.strided = strided;
  }

  /** Blocks (ResNet) or convolutions (VGG) of the stages in the published network. */
  public List<Integer> layers() {
    return layers;
  }

  /** Number of stages. */
  public int stages() {
    return layers.size();
  }

  /** Whether convolutions have strides; else poolings alone make maps smaller. */
  public boolean isStrided() {
    return strided;
  }

  /** The published levels and their stages. */
  public Map<String, Integer> levels() {
    return levels;
  }
}
