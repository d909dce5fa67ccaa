package org.adaptseg.engine.machine;

import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.engine.DeviceEngines;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.nd4j.linalg.factory.Nd4j;

/** The native code that every network needs, tried before anything else is done. */
public final class NativeLibraries {
  /** Bytes of the largest library of oneDNN's engine. */
  static final long DNNL = 60_000_000;

  /** Bytes of the largest library of ND4J's engine. */
  static final long ND4J = 320_000_000;

  /** What the first attempt found; a second one would only find that there was a first. */
  private static volatile String cudaLacks;

  private NativeLibraries() {}

  /**
   * Loads those of the engine that is chosen by itself.
   *
   * @param threads of a worker, or {@link Arithmetic#ANY_THREADS}
   * @throws IllegalStateException in one sentence with the setting that mends it
   */
  public static void require(int threads) {
    boolean any = threads == Arithmetic.ANY_THREADS;
    if (!any) {
      NativeThreads.requirePossible(threads);
    }
    load(
        DNNL,
        () -> {
          if (!any) {
            NativeThreads.set(threads);
          }
          // An engine would fix the instructions, which the command's configuration may limit.
          OneDnnEngine.load();
        });
    if (Engines.isCuda()) {
      requireNd4j();
    }
  }

  /** As {@link #require}, for ND4J's engine. */
  static void requireNd4j() {
    load(ND4J, () -> Nd4j.zeros(1).close());
  }

  /**
   * As {@link #require}, for the CUDA engine, whose libraries are the machine's.
   *
   * @throws IllegalStateException with the library that is missing
   */
  static DeviceEngines requireCuda() {
    if (cudaLacks != null) {
      throw new IllegalStateException(cudaLacks);
    }
    NativeFolder.choose();
    DeviceEngines gpus = gpus();
    try {
      gpus.load();
      return gpus;
    } catch (LinkageError e) {
      Throwable last = e;
      while (last.getCause() != null) {
        last = last.getCause();
      }
      // Without the place that the binding was unpacked to.
      String found =
          String.valueOf(last.getMessage()).replaceFirst("^/\\S+/(lib\\w+\\.so: )", "$1");
      cudaLacks =
          "Cannot compute with cluster.engine: cuda: expected NVIDIA's driver, CUDA 12 with NVRTC and cuDNN 9 where the loader finds them (LD_LIBRARY_PATH), found %s: %s%s"
              .formatted(
                  last.getClass().getSimpleName(),
                  found,
                  OtherVersions.ofMissing(found, OtherVersions.folders()));
      throw new IllegalStateException(cudaLacks, e);
    }
  }

  private static DeviceEngines gpus() {
    ServiceConfigurationError missing = null;
    try {
      Optional<DeviceEngines> found =
          ServiceLoader.load(DeviceEngines.class, NativeLibraries.class.getClassLoader())
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    } catch (ServiceConfigurationError e) {
      missing = e;
    }
    throw new IllegalStateException(
        "Cannot compute with cluster.engine: cuda: expected a job jar with that engine, found one"
            + " without, such as that of mvn package -Pnd4j-cuda, whose engine is nd4j",
        missing);
  }

  private static void load(long largest, Runnable loading) {
    NativeFolder folder = NativeFolder.choose();
    try {
      loading.run();
    } catch (LinkageError | RuntimeException e) {
      throw new IllegalStateException(
          describe(
              e, System.getProperty("os.name"), System.getProperty("os.arch"), folder, largest),
          e);
    }
  }

  /** What is missing, and what to do. */
  static String describe(
      Throwable failure, String system, String architecture, NativeFolder folder, long largest) {
    if (!system.equals("Linux") || !architecture.equals("amd64")) {
      return String.format(
          Locale.ROOT,
          "Cannot load the native libraries: expected Linux on x86-64 (amd64), for which the job jar has them, found %s on %s; there are none for Arm (aarch64)",
          system,
          architecture);
    }
    StringBuilder all = new StringBuilder();
    Throwable last = failure;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      all.append(t).append('\n');
      last = t;
    }
    String line = String.valueOf(last.getMessage()).lines().findFirst().orElse("nothing");
    return String.format(
        Locale.ROOT,
        "Cannot load the native libraries: expected to unpack and link them, found %s: %s; %s",
        last.getClass().getSimpleName(),
        line,
        cure(all.toString(), folder, largest));
  }

  private static String cure(String failure, NativeFolder folder, long largest) {
    String setting =
        "set ADAPTSEG_JAVA_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=DIR (spark.driver.extraJavaOptions and spark.executor.extraJavaOptions on a cluster)";
    if (folder.forbidsExecution()) {
      return folder
          + ", which they are unpacked to, forbids execution; "
          + setting
          + ", a folder of a file system without noexec";
    }
    if (failure.contains("No space left") || folder.isFull(largest)) {
      return folder
          + ", which they are unpacked to, is full: they need 70 MB, and 400 MB more with cluster.engine: nd4j; make room or "
          + setting;
    }
    if (failure.contains("unable to create native thread")) {
      return "the system gives no more threads; raise ulimit -u or the container's limit of processes";
    }
    if (failure.contains("failed to map segment")
        || failure.contains("annot allocate")
        || failure.contains("OutOfMemory")) {
      return "the system gives no more memory; raise ulimit -v or the container's memory";
    }
    return "see that " + folder + ", which they are unpacked to, can be written to, or " + setting;
  }
}
