package org.adaptseg.engine;

import org.adaptseg.engine.onednn.OneDnnEngine;

class OneDnnParityTest extends EngineParity {
  @Override
  Engine engine() {
    return new OneDnnEngine();
  }
}
