package org.adaptseg.engine.cuda;

import java.util.List;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.DeviceEngines;
import org.adaptseg.engine.Engine;

/** NVIDIA's GPUs. */
public final class CudaEngines implements DeviceEngines {
  /** For {@link java.util.ServiceLoader}. */
  public CudaEngines() {}

  @Override
  public void load() {
    CudaEngine.load();
  }

  @Override
  public int devices() {
    return CudaEngine.devices();
  }

  @Override
  public String describe(int device) {
    return CudaEngine.describe(device);
  }

  @Override
  public List<Precision> precisions(int device) {
    return CudaEngine.precisions(device);
  }

  @Override
  public Engine engine(int device, Computation computation) {
    return new CudaEngine(device, computation.precision(), computation.lossScale());
  }
}
