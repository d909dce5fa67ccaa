package org.adaptseg.engine.cuda;

import org.adaptseg.engine.cuda.dnn.CudaStatus;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/** A block of a GPU's memory. */
final class DeviceMemory implements AutoCloseable {
  /** An address on the device, which the processor cannot read. */
  private static final class Address extends Pointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }

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
   */
  static DeviceMemory of(long bytes) {
    try (Pointer at = new Pointer()) {
      CudaStatus.cuda(cudart.cudaMalloc(at, bytes), "allocate " + bytes + " bytes");
      return new DeviceMemory(at.address(), bytes);
    }
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
