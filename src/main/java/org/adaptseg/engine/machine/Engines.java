package org.adaptseg.engine.machine;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Precision;
import org.adaptseg.data.image.Image;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.Device;
import org.adaptseg.engine.DeviceEngines;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.nd4j.Nd4jEngine;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The engines that this process can compute with. */
public final class Engines {
  private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";

  private static final int FIRST_DEVICE = 0;

  /** The GPU that was assigned to a thread's work. */
  private static final ThreadLocal<Integer> ASSIGNED = new ThreadLocal<>();

  private static volatile boolean computesOnGpu;

  private Engines() {}

  /** Whether ND4J's backend in this process computes on GPUs; it is loaded only where it may. */
  public static boolean isCuda() {
    ClassLoader loader = Engines.class.getClassLoader();
    if (loader.getResource(CUDA_BACKEND) == null) {
      return false;
    }
    nd4j();
    return Nd4j.getExecutioner().getClass().getName().toLowerCase(Locale.ROOT).contains("cuda");
  }

  /**
   * ND4J's native operations, loaded. Loading them gives the calling thread as many threads as the
   * machine has cores, for oneDNN as well, so those of the configuration are set again.
   */
  private static NativeOps nd4j() {
    Nd4j.getExecutioner();
    NativeOps operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
    NativeThreads.ifSet(operations::setOmpNumThreads);
    return operations;
  }

  /**
   * The engine for an arithmetic.
   *
   * @throws IllegalStateException if this machine cannot compute so
   */
  public static Engine engine(Arithmetic arithmetic) {
    return engine(computation(arithmetic));
  }

  /** The engine for what {@link #computation} gave. */
  public static Engine engine(Computation computation) {
    return switch (computation.engine()) {
      case ONEDNN -> new OneDnnEngine(computation.precision());
      case CUDA -> NativeLibraries.requireCuda().engine(device(), computation);
      case ND4J, AUTO -> {
        nd4j();
        yield Nd4jEngine.float32();
      }
    };
  }

  /** The GPU that was assigned, or the first. */
  private static int device() {
    return Objects.requireNonNullElse(ASSIGNED.get(), FIRST_DEVICE);
  }

  /**
   * What an arithmetic is on this machine. Threads and the limit of instructions hold from then on
   * for the whole process.
   *
   * @throws IllegalStateException if this machine cannot compute so
   */
  public static Computation computation(Arithmetic arithmetic) {
    // On a GPU no bit depends on them, and its libraries have loaded OpenMP already.
    if (!computesOnGpu && arithmetic.threads() != Arithmetic.ANY_THREADS) {
      NativeThreads.require(arithmetic.threads());
    }
    return switch (arithmetic.engine()) {
      case AUTO ->
          isCuda()
              ? ofNd4j(arithmetic)
              : ASSIGNED.get() != null ? ofCuda(arithmetic) : ofOneDnn(arithmetic);
      case ONEDNN -> ofOneDnn(arithmetic);
      case ND4J -> ofNd4j(arithmetic);
      case CUDA -> ofCuda(arithmetic);
    };
  }

  /** What images should hold for the engine of an arithmetic; loads no library. */
  public static Image.Form images(Arithmetic arithmetic) {
    boolean gpu =
        switch (arithmetic.engine()) {
          case AUTO -> !isCuda() && ASSIGNED.get() != null;
          case CUDA -> true;
          case ONEDNN, ND4J -> false;
        };
    return gpu ? Image.Form.PIXELS : Image.Form.VALUES;
  }

  private static Computation ofCuda(Arithmetic arithmetic) {
    DeviceEngines gpus = NativeLibraries.requireCuda();
    int device = device();
    int devices = gpus.devices();
    if (device >= devices) {
      throw noSuchGpu(device, devices);
    }
    String name = gpus.describe(device);
    Precision precision =
        resolve(
            arithmetic.precision(), gpus.precisions(device), name + " with cluster.engine: cuda");
    return new Computation(
        Arithmetic.Engine.CUDA,
        precision,
        name,
        precision == Precision.FLOAT16 ? arithmetic.lossScale() : 1);
  }

  private static IllegalStateException noSuchGpu(int gpu, int gpus) {
    return new IllegalStateException(
        String.format(
            Locale.ROOT,
            "Cannot compute on GPU %d: expected an index below the number of GPUs, found %d of them (CUDA_VISIBLE_DEVICES=%s)",
            gpu,
            gpus,
            System.getenv("CUDA_VISIBLE_DEVICES")));
  }

  private static Computation ofNd4j(Arithmetic arithmetic) {
    NativeLibraries.requireNd4j();
    String backend = isCuda() ? "cuda" : "nd4j";
    return new Computation(
        Arithmetic.Engine.ND4J,
        resolve(arithmetic.precision(), List.of(Precision.FLOAT32), "ND4J's operations"),
        backend);
  }

  private static Computation ofOneDnn(Arithmetic arithmetic) {
    OneDnnEngine.limit(arithmetic.instructionSet());
    String instructions = OneDnnEngine.instructionSet();
    List<Precision> able =
        OneDnnEngine.computesBfloat16()
            ? List.of(Precision.BFLOAT16, Precision.FLOAT32)
            : List.of(Precision.FLOAT32);
    return new Computation(
        Arithmetic.Engine.ONEDNN,
        resolve(arithmetic.precision(), able, instructions),
        instructions);
  }

  /**
   * What is computed in where this is wanted.
   *
   * @param able what the engine computes in here, the fastest first
   */
  private static Precision resolve(Precision wanted, List<Precision> able, String found) {
    if (wanted == Precision.AUTO) {
      return able.get(0);
    }
    if (!able.contains(wanted)) {
      throw new IllegalStateException(
          "Cannot compute with cluster.precision: %s: expected %s, found %s; float32 runs everywhere, and auto takes the fastest that there is"
              .formatted(wanted.key(), needed(wanted), found));
    }
    return wanted;
  }

  private static String needed(Precision precision) {
    String gpu =
        "a GPU of compute capability %s or above with cluster.engine: cuda"
            .formatted(precision == Precision.FLOAT16 ? "7.5" : "8.0");
    return precision == Precision.BFLOAT16
        ? "a processor with avx512_bf16 or AMX, and cluster.instruction-set to allow them, or "
            + gpu
        : gpu;
  }

  /**
   * Makes a device the calling thread's, before the thread makes its first array. Arrays of a GPU
   * belong to the threads that are bound to it.
   *
   * @throws IllegalStateException if a GPU was assigned and ND4J's CUDA backend, where it is in the
   *     job jar, has none or none that it has code for; {@link #computation} says what the CUDA
   *     engine lacks
   */
  public static void bind(Device device) {
    if (!device.isGpu()) {
      ASSIGNED.remove();
      return;
    }
    ASSIGNED.set(device.gpu());
    if (isCuda()) {
      computesOnGpu = true;
      NativeOps cuda = nd4j();
      int gpu = device.gpu();
      if (gpu >= cuda.getAvailableDevices()) {
        throw noSuchGpu(gpu, cuda.getAvailableDevices());
      }
      CudaSupport.require(
          gpu, cuda.getDeviceName(gpu), cuda.getDeviceMajor(gpu), cuda.getDeviceMinor(gpu));
      Nd4j.getAffinityManager().unsafeSetDevice(gpu);
    }
  }
}
