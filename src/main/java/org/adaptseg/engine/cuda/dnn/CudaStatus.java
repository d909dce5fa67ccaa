package org.adaptseg.engine.cuda.dnn;

import java.util.Locale;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;

/** Makes sentences of what CUDA and cuDNN answer. */
public final class CudaStatus {
  private CudaStatus() {}

  /**
   * Requires success of the runtime.
   *
   * @param what was to be done, for example {@code copy 4096 bytes}
   */
  public static void cuda(int status, String what) {
    if (status != cudart.cudaSuccess) {
      throw problem(what, "CUDA", status, cudart.cudaGetErrorString(status).getString());
    }
  }

  /** Requires success of the driver. */
  public static void driver(int status, String what) {
    if (status != cudart.CUDA_SUCCESS) {
      throw problem(what, "the CUDA driver", status, "an error");
    }
  }

  /** Requires success of cuDNN. */
  public static void dnn(int status, String what) {
    if (status != cudnn.CUDNN_STATUS_SUCCESS) {
      throw problem(what, "cuDNN", status, cudnn.cudnnGetErrorString(status).getString());
    }
  }

  private static IllegalStateException problem(String what, String who, int status, String text) {
    return new IllegalStateException(
        String.format(
            Locale.ROOT,
            "Cannot %s on the GPU: expected success, found %s (%s's status %d)",
            what,
            text,
            who,
            status));
  }
}
