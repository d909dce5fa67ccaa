package org.adaptseg.engine;

/**
 * What a worker computes on.
 *
 * @param gpu index among the GPUs that this process sees, or {@value #NONE}
 */
public record Device(int gpu) {
  private static final int NONE = -1;

  /** The processor, or whatever the backend takes by itself. */
  public static final Device CPU = new Device(NONE);

  /** A GPU by its index among those that this process sees. */
  public static Device gpu(int index) {
    if (index < 0) {
      throw new IllegalArgumentException(
          "Cannot choose a GPU: expected an index of at least 0, found " + index);
    }
    return new Device(index);
  }

  /** Whether a GPU was assigned. */
  public boolean isGpu() {
    return gpu != NONE;
  }

  @Override
  public String toString() {
    return isGpu() ? "GPU " + gpu : "CPU";
  }
}
