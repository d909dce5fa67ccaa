package org.adaptseg.engine.machine;

import java.util.List;
import java.util.Locale;

/**
 * Which GPUs {@code nd4j-cuda-11.6} 1.0.0-M2.1 has machine code for. It carries no PTX, so nothing
 * can be compiled for a newer one; code for x.y runs on x.z with z of at least y.
 */
public final class CudaSupport {
  private record Capability(int major, int minor) {
    boolean runsOn(Capability device) {
      return major == device.major && minor <= device.minor;
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }

  private static final List<Capability> CODE =
      List.of(
          new Capability(3, 7),
          new Capability(5, 0),
          new Capability(5, 2),
          new Capability(6, 0),
          new Capability(6, 1),
          new Capability(7, 0),
          new Capability(7, 5),
          new Capability(8, 0),
          new Capability(8, 6));

  private CudaSupport() {}

  /**
   * Refuses a GPU that the build has no code for.
   *
   * @param device index, for the message
   * @param name what the driver calls it
   * @param major compute capability before the dot
   * @param minor compute capability after the dot
   * @throws IllegalStateException naming the GPU, its compute capability and the supported ones
   */
  public static void require(int device, String name, int major, int minor) {
    Capability found = new Capability(major, minor);
    if (CODE.stream().noneMatch(code -> code.runsOn(found))) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot compute on GPU %d: expected a compute capability of 3.7 to 8.9 (machine code for %s), found %s (%s)",
              device,
              join(),
              found,
              name));
    }
  }

  private static String join() {
    return String.join(", ", CODE.stream().map(Capability::toString).toList());
  }
}
