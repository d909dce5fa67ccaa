package org.adaptseg.engine;

import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.engine.onednn.OneDnnEngine;

/** The engines that must give the values computed by hand. */
public enum TestedEngine {
  ONEDNN(1e-6),
  FLOAT32(1e-6),
  FLOAT64(1e-9);

  private final double bound;

  TestedEngine(double bound) {
    this.bound = bound;
  }

  public Engine make() {
    return switch (this) {
      case ONEDNN -> new OneDnnEngine();
      case FLOAT32 -> Nd4jEngine.float32();
      case FLOAT64 -> Nd4jEngine.float64();
    };
  }

  /** What values of about 1 may be off by. */
  public double bound() {
    return bound;
  }
}
