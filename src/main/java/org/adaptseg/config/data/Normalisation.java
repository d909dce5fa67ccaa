package org.adaptseg.config.data;

import org.adaptseg.config.yaml.Names;

/** How a pixel becomes an input of the network; what the first convolution was trained on. */
public enum Normalisation {
  /** Channels B, G, R; value (0 to 255) minus the channel's mean, as in Caffe's networks. */
  CAFFE,
  /** Channels R, G, B; (value / 255 − mean) / deviation, as in torchvision's networks. */
  TORCHVISION;

  /** The name in configurations and files of weights. */
  public String key() {
    return Names.key(this);
  }
}
