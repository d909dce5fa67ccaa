package org.adaptseg.config;

import org.adaptseg.config.yaml.Keyed;

/** Which convolution of a ResNet stage's first block has the stage's stride. */
public enum StrideOn implements Keyed {
  /** The first one, as in Caffe's ResNet and the released code. */
  REDUCTION("1x1"),
  /** The second one, as in torchvision's ResNet ("V1.5"). */
  SPATIAL("3x3");

  private final String key;

  StrideOn(String key) {
    this.key = key;
  }

  @Override
  public String key() {
    return key;
  }
}
