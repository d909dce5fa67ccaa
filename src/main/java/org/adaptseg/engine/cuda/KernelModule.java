package org.adaptseg.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.cuda.dnn.CellType;
import org.adaptseg.engine.cuda.dnn.CudaStatus;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** The kernels, compiled for a device and loaded. */
final class KernelModule implements AutoCloseable {
  private static final String SOURCE = "kernels.cu";

  private final CUmod_st module = new CUmod_st();
  private final Map<String, CUfunc_st> functions = new HashMap<>();

  /**
   * Compiles.
   *
   * @param capability of the device, for example {@code 90}
   * @param cells type of the feature maps
   */
  KernelModule(String capability, CellType cells) {
    try (BytePointer cubin = compile(source(), capability, cells)) {
      CudaStatus.driver(cudart.cuModuleLoadData(module, cubin), "load the kernels");
    }
  }

  /** The text of the kernels. */
  static String source() {
    try (InputStream in = KernelModule.class.getResourceAsStream(SOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the kernels", e);
    }
  }

  /**
   * Machine code of a program for devices of one capability.
   *
   * @throws IllegalStateException with the compiler's words if it does not compile
   */
  static BytePointer compile(String source, String capability, CellType cells) {
    _nvrtcProgram program = new _nvrtcProgram();
    try (BytePointer text = new BytePointer(source);
        BytePointer name = new BytePointer(SOURCE);
        BytePointer architecture = new BytePointer("--gpu-architecture=sm_" + capability);
        BytePointer standard = new BytePointer("--std=c++17");
        BytePointer macro = new BytePointer("--define-macro=" + cells.macro());
        PointerPointer<BytePointer> options = new PointerPointer<>(architecture, standard, macro);
        SizeTPointer size = new SizeTPointer(1)) {
      require(
          nvrtc.nvrtcCreateProgram(
              program, text, name, 0, (PointerPointer<?>) null, (PointerPointer<?>) null),
          program);
      require(nvrtc.nvrtcCompileProgram(program, 3, options), program);
      require(nvrtc.nvrtcGetCUBINSize(program, size), program);
      BytePointer cubin = new BytePointer(size.get());
      require(nvrtc.nvrtcGetCUBIN(program, cubin), program);
      return cubin;
    } finally {
      nvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static void require(int status, _nvrtcProgram program) {
    if (status == nvrtc.NVRTC_SUCCESS) {
      return;
    }
    try (SizeTPointer size = new SizeTPointer(1)) {
      nvrtc.nvrtcGetProgramLogSize(program, size);
      try (BytePointer log = new BytePointer(Math.max(1, size.get()))) {
        nvrtc.nvrtcGetProgramLog(program, log);
        throw new IllegalStateException(
            "Cannot compile the kernels for the GPU: expected success, found %s: %s"
                .formatted(nvrtc.nvrtcGetErrorString(status).getString(), log.getString()));
      }
    }
  }

  /** A kernel by its name. */
  CUfunc_st function(String name) {
    return functions.computeIfAbsent(
        name,
        wanted -> {
          CUfunc_st function = new CUfunc_st();
          CudaStatus.driver(
              cudart.cuModuleGetFunction(function, module, wanted), "find the kernel " + wanted);
          return function;
        });
  }

  @Override
  public void close() {
    CudaStatus.driver(cudart.cuModuleUnload(module), "unload the kernels");
  }
}
