package org.adaptseg.engine.cuda;

import java.util.Locale;
import org.adaptseg.engine.cuda.dnn.CudaStatus;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/** A block of a GPU's memory. */
final class DeviceMemory implements AutoCloseable {
  /** An address on the device, which the processor cannot read. */
  private static final class Address extends Pointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }

  private static final int MEBI = 20;

  private final long address;
  private final long bytes;
  private boolean closed;

  private DeviceMemory(long address, long bytes) {
    this.address = address;
    this.bytes = bytes;
  }

  /**
   * Allocates; the values are undefined.
   *
   * @param bytes at least 1
   * @param what it is for, for example {@code a map of 1x64x90x160}
   * @throws IllegalStateException with that, what is free and the settings that need less, if there
   *     is no room
   */
  static DeviceMemory of(long bytes, String what) {
    try (Pointer at = new Pointer()) {
      int status = cudart.cudaMalloc(at, bytes);
      if (status == cudart.cudaErrorMemoryAllocation) {
        cudart.cudaGetLastError(); // the next call would report it again
        throw noRoom(bytes, what);
      }
      CudaStatus.cuda(status, "allocate " + bytes + " bytes for " + what);
      return new DeviceMemory(at.address(), bytes);
    }
  }

  private static IllegalStateException noRoom(long bytes, String what) {
    String found = "none";
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer all = new SizeTPointer(1)) {
      if (cudart.cudaMemGetInfo(free, all) == cudart.cudaSuccess) {
        found = (free.get() >> MEBI) + " of " + (all.get() >> MEBI) + " MB";
      }
    }
    return new IllegalStateException(
        String.format(
            Locale.ROOT,
            "Cannot compute on the GPU: expected %.1f MB of its memory for %s, found %s free; less is needed with a smaller optimizer.batch-size, smaller images or a crop (data.source, data.target), cluster.precision: bfloat16 or float16, or one worker on each GPU",
            bytes / (double) (1 << MEBI),
            what,
            found));
  }

  /** An address as what native functions take. */
  static Pointer pointer(long address) {
    return new Address(address);
  }

  long address() {
    if (closed) {
      throw new IllegalStateException(
          "Cannot use memory of a GPU: expected it open, found it closed");
    }
    return address;
  }

  long bytes() {
    return bytes;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      CudaStatus.cuda(cudart.cudaFree(pointer(address)), "free " + bytes + " bytes");
    }
  }
}
