package org.adaptseg.config;

import org.adaptseg.config.yaml.Keyed;

/** How often the generator's optimiser updates a tensor in an iteration. */
public enum Updates implements Keyed {
  /** Once. */
  ONCE("once"),
  /**
   * As the published experiments did: the released code's parameter list names the convolutions of
   * a residual block three times and those of a shortcut four times, and the optimiser of PyTorch
   * 0.3 and 0.4 updates them as often, adding the weight decay to the same gradient each time.
   */
  YEAR_2018("2018");

  private final String key;

  Updates(String key) {
    this.key = key;
  }

  @Override
  public String key() {
    return key;
  }
}
