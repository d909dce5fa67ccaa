package org.adaptseg.engine;

import java.util.List;
import org.adaptseg.config.Precision;

/**
 * The engines of a kind of device. {@link java.util.ServiceLoader} finds them, since a job jar need
 * not have them: that of ND4J's CUDA backend holds bindings of another version.
 */
public interface DeviceEngines {
  /**
   * Loads their libraries, without using a device.
   *
   * @throws LinkageError with the library that is missing
   */
  void load();

  /**
   * Number of devices that this process sees.
   *
   * @throws IllegalStateException if their driver does not answer
   */
  int devices();

  /** All of a device that the bits of results depend on. */
  String describe(int device);

  /** The precisions that a device computes in, the fastest first. */
  List<Precision> precisions(int device);

  /**
   * An engine on a device.
   *
   * @param device index among those that this process sees
   * @param computation in one of the device's precisions
   * @throws IllegalStateException if it cannot be used
   */
  Engine engine(int device, Computation computation);
}
