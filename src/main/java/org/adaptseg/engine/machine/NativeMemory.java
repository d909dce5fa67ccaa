package org.adaptseg.engine.machine;

import java.util.Locale;
import org.bytedeco.javacpp.Pointer;

/** The limit that JavaCPP puts on the memory of a process. */
public final class NativeMemory {
  private static final int MEBI = 20;

  /** What native libraries take before there is any tensor. */
  private static final long LIBRARIES = 100L << MEBI;

  private NativeMemory() {}

  /**
   * Refuses to begin where the limit is sure to be met. Called before anything native is loaded: a
   * library that meets the limit then leaves a process that cannot even report it.
   *
   * @param bytes that tensors will need at the very least
   * @throws IllegalStateException with the limit and the settings that raise it
   */
  public static void requireRoom(long bytes) {
    long limit = Pointer.maxPhysicalBytes();
    long used = Pointer.physicalBytes();
    long needed = used + LIBRARIES + bytes;
    if (limit > 0 && needed > limit) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              ("Cannot continue: a process that computes uses %d MB and needs at least %d MB, more than"
                  + " its limit org.bytedeco.javacpp.maxphysicalbytes of %d MB (set in"
                  + " spark.executor.extraJavaOptions and within spark.executor.memory +"
                  + " spark.executor.memoryOverhead; with a local master by java's -D); nothing is"
                  + " lost: raise it and continue with --resume"),
              used >> MEBI,
              needed >> MEBI,
              limit >> MEBI));
    }
  }
}
