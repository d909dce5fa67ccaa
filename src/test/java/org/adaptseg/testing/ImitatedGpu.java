package org.adaptseg.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the imitation of a GPU tells of itself, in a process that runs on it. As an extension it
 * requires after each test that everything was given back.
 */
public final class ImitatedGpu implements AfterEachCallback {
  /** More bytes than are ever needed. */
  public static final long MUCH = 1L << 40;

  /** Ten times the device's compute capability. */
  public static final int CAPABILITY = 90;

  /** The system property that names the imitation's library. */
  static final String LIBRARY = "imitation.library";

  static {
    System.load(System.getProperty(LIBRARY));
  }

  /** Faults that must end the process. */
  public enum Fault {
    MEMORY_FREED_TWICE,
    COPY_FROM_FREED_MEMORY,
    CLEARING_OF_FREED_MEMORY,
    KERNEL_ON_FREED_MEMORY,
    DESCRIPTOR_DESTROYED_TWICE,
    DESCRIPTOR_USED_AFTER_ITS_END,
    HANDLE_USED_AFTER_ITS_END,
    STREAM_DESTROYED_TWICE,
    STREAM_USED_AFTER_ITS_END
  }

  /**
   * How many blocks of memory, streams, modules, handles, programs and descriptors are not given
   * back; by kind on standard error.
   */
  public static native long leftOver();

  /** Sets how many bytes the device has for memory, {@link #MUCH} at first. */
  public static native void room(long bytes);

  /** The most bytes that were taken at once since this was called the last time. */
  public static native long most();

  /** Sets the device's compute capability, {@link #CAPABILITY} at first. */
  public static native void capability(int tenfold);

  /** How many programs this process has compiled. */
  public static native int compilations();

  /** Whether a fault ends a process, a copy of this one. */
  public static boolean endsProcess(Fault fault) {
    return ends(fault.ordinal());
  }

  private static native boolean ends(int fault);

  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(leftOver()).as("handles, descriptors and memory that are left over").isZero();
  }
}
