package org.adaptseg.nn.backend;

import java.util.Locale;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.nd4j.Nd4jKernels;
import org.adaptseg.nn.kernels.onednn.OneDnnKernels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's backend in this process and the kernels for it. */
public final class Backend {
  private Backend() {}

  /** Whether arrays live on GPUs. */
  public static boolean isCuda() {
    return Nd4j.getExecutioner().getClass().getName().toLowerCase(Locale.ROOT).contains("cuda");
  }

  /** The fastest kernels for float32. */
  public static Kernels kernels() {
    return kernels(DataType.FLOAT);
  }

  /** Kernels for a type: oneDNN for float32 on the CPU, else ND4J's operations. */
  public static Kernels kernels(DataType type) {
    return type == DataType.FLOAT && !isCuda() ? new OneDnnKernels() : new Nd4jKernels(type);
  }

  /**
   * Makes a device the calling thread's, before the thread makes its first array. Arrays of a GPU
   * belong to the threads that are bound to it.
   *
   * @throws IllegalStateException if a GPU was assigned and this process has none, or none that the
   *     build has code for
   */
  public static void bind(Device device) {
    if (device.isGpu()) {
      requireCuda(device, isCuda());
      NativeOps cuda = NativeOpsHolder.getInstance().getDeviceNativeOps();
      int gpu = device.gpu();
      if (gpu >= cuda.getAvailableDevices()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Cannot compute on GPU %d: expected an index below the number of GPUs, found %d of them (CUDA_VISIBLE_DEVICES=%s)",
                gpu,
                cuda.getAvailableDevices(),
                System.getenv("CUDA_VISIBLE_DEVICES")));
      }
      CudaSupport.require(
          gpu, cuda.getDeviceName(gpu), cuda.getDeviceMajor(gpu), cuda.getDeviceMinor(gpu));
      Nd4j.getAffinityManager().unsafeSetDevice(gpu);
    }
  }

  static void requireCuda(Device device, boolean cuda) {
    if (device.isGpu() && !cuda) {
      throw new IllegalStateException(
          ("Cannot compute on %s, which Spark assigned: expected ND4J's CUDA backend, found the CPU's;"
                  + " build the job jar with mvn package -Pcuda, and see that the driver, CUDA 11 and"
                  + " cuDNN 8 are installed")
              .formatted(device));
    }
  }
}
