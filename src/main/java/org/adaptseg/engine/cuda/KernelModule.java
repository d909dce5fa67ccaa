package org.adaptseg.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
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
   * Compiles, or takes what was compiled before.
   *
   * @param capability of the device, for example {@code 90}
   * @param cells type of the feature maps
   */
  KernelModule(String capability, CellType cells) {
    this(capability, cells, KernelCache.ofUser());
  }

  /** As the other, with the cache. */
  KernelModule(String capability, CellType cells, KernelCache cache) {
    String source = source();
    List<String> options =
        List.of(
            "--gpu-architecture=sm_" + capability,
            "--std=c++17",
            "--define-macro=" + cells.macro());
    String key = version() + "\n" + String.join("\n", options) + "\n" + source;
    try (BytePointer cubin = new BytePointer(cache.get(key, () -> compile(source, options)))) {
      CudaStatus.driver(cudart.cuModuleLoadData(module, cubin), "load the kernels");
    }
  }

  private static String version() {
    int[] major = new int[1];
    int[] minor = new int[1];
    int status = nvrtc.nvrtcVersion(major, minor);
    if (status != nvrtc.NVRTC_SUCCESS) {
      throw new IllegalStateException(
          "Cannot compile the kernels for the GPU: expected NVRTC's version, found %s"
              .formatted(nvrtc.nvrtcGetErrorString(status).getString()));
    }
    return "NVRTC " + major[0] + "." + minor[0];
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
  private static byte[] compile(String source, List<String> options) {
    _nvrtcProgram program = new _nvrtcProgram();
    try (BytePointer text = new BytePointer(source);
        BytePointer name = new BytePointer(SOURCE);
        PointerPointer<BytePointer> words =
            new PointerPointer<>(options.toArray(String[]::new), StandardCharsets.UTF_8);
        SizeTPointer size = new SizeTPointer(1)) {
      require(
          nvrtc.nvrtcCreateProgram(
              program, text, name, 0, (PointerPointer<?>) null, (PointerPointer<?>) null),
          program);
      require(nvrtc.nvrtcCompileProgram(program, options.size(), words), program);
      require(nvrtc.nvrtcGetCUBINSize(program, size), program);
      try (BytePointer cubin = new BytePointer(size.get())) {
        require(nvrtc.nvrtcGetCUBIN(program, cubin), program);
        byte[] code = new byte[Math.toIntExact(size.get())];
        cubin.get(code);
        return code;
      }
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
