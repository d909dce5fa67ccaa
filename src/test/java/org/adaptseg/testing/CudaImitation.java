package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.data.store.Sha256;

/**
 * The imitation of a GPU (src/test/cuda), compiled under the names of the libraries that JavaCPP's
 * presets link to, so that these take it for NVIDIA's. Tests run on it in a process of their own:
 * in this one there is no GPU.
 */
public final class CudaImitation {
  private static final Path SOURCES = Path.of("src", "test", "cuda").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String LIBRARY = "libimitation.so";

  /** What the kernels are compiled with besides; read by the imitation. */
  private static final String KERNEL_FLAGS = "IMITATION_KERNEL_FLAGS";

  /**
   * The JVM has its own use for a signal, what it leaves at its end is not ours, and ND4J's library
   * frees by another function than it allocates by. Little is kept of what is freed: the imitation
   * fills that with NaN.
   */
  private static final String ASAN_OPTIONS =
      "handle_segv=0:allow_user_segv_handler=1:detect_leaks=0:alloc_dealloc_mismatch=0"
          + ":quarantine_size_mb=8:malloc_context_size=1";

  /** What the presets of CUDA, NVRTC and cuDNN link to. */
  private static final List<String> NAMES =
      List.of(
          "libcuda.so.1",
          "libcudart.so.12",
          "libcublas.so.12",
          "libcublasLt.so.12",
          "libnvrtc.so.12",
          "libcudnn.so.9",
          "libcudnn_cnn.so.9",
          "libcudnn_adv.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_graph.so.9");

  private final Path folder;
  private final Map<String, String> environment;

  private CudaImitation(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /** As it is; without a compiler, {@link NeededProgram} decides. */
  @Starts
  public static CudaImitation plain() {
    return new CudaImitation(made(compiler()), Map.of());
  }

  /** With kernels that are watched: one that reads or writes beyond memory ends the process. */
  @Starts
  public static CudaImitation withAddressSanitizer() {
    Path compiler = compiler();
    Path folder = made(compiler);
    String library =
        ChildProcess.of(List.of(compiler.toString(), "-print-file-name=libasan.so"))
            .run(folder.resolve("logs"), LIMIT)
            .out()
            .strip();
    return new CudaImitation(
        folder,
        Map.of(
            KERNEL_FLAGS,
            "-fsanitize=address -fno-omit-frame-pointer -g1",
            "LD_PRELOAD",
            library,
            "ASAN_OPTIONS",
            ASAN_OPTIONS));
  }

  private static Path compiler() {
    return NeededProgram.find("compile the imitation of a GPU", "g++");
  }

  /** Another one for other sources. */
  private static Path folder() throws IOException {
    String text =
        Files.readString(SOURCES.resolve("imitation.cpp"))
            + Files.readString(SOURCES.resolve("kernel_host.h"));
    Path folder = Path.of("target", "cuda-imitation", Sha256.of(text).substring(0, 16));
    return Files.createDirectories(folder).toAbsolutePath();
  }

  private static Path made(Path compiler) {
    try {
      Path folder = folder();
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.exists(folder.resolve(NAMES.get(NAMES.size() - 1)))) {
          compile(compiler, folder);
        }
        return folder;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A library, and its names: the loader takes them for one. */
  private static void compile(Path compiler, Path folder) throws IOException {
    List<String> command =
        List.of(
            compiler.toString(),
            "-shared",
            "-fPIC",
            "-o",
            folder.resolve(LIBRARY).toString(),
            "-std=c++17",
            "-O2",
            "-mavx2",
            "-mfma",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-DIMITATION_HEADER=\"" + SOURCES.resolve("kernel_host.h") + "\"",
            "-DIMITATION_CACHE=\"" + folder + "\"",
            SOURCES.resolve("imitation.cpp").toString(),
            "-ldl");
    Ended ended = ChildProcess.of(command).run(folder.resolve("logs"), LIMIT);
    if (ended.code() != 0) {
      throw new IllegalStateException("Cannot compile the imitation of a GPU: " + ended.all());
    }
    for (String name : NAMES) {
      Files.deleteIfExists(folder.resolve(name));
      Files.createSymbolicLink(folder.resolve(name), Path.of(LIBRARY));
    }
  }

  /**
   * A machine where a library is of another version.
   *
   * @param work a new folder
   * @param library all whose names begin so are missing, for example {@code libcudnn}
   * @param found name of a file that is there instead
   */
  public CudaImitation without(Path work, String library, String found) throws IOException {
    Path other = Files.createDirectories(work);
    for (String name : NAMES) {
      if (!name.startsWith(library)) {
        Files.createSymbolicLink(other.resolve(name), folder.resolve(name));
      }
    }
    Files.createFile(other.resolve(found));
    return new CudaImitation(other, environment);
  }

  /** The golden files that are compared there, where it is said. */
  private static String[] golden() {
    String files = System.getProperty("cuda.golden");
    return files == null ? new String[0] : new String[] {"-Dcuda.golden=" + files};
  }

  /** Variables of a process that takes it for a GPU. */
  public Map<String, String> environment() {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("LD_LIBRARY_PATH", folder.toString());
    return all;
  }

  /** Runs classes of tests in a process that takes it for a GPU. */
  @Starts
  public Ended run(Path logs, String... classes) {
    JavaCommand command =
        ProgramProcess.withTests(TestClasses.class, List.of(classes))
            .options(golden())
            .options("-D" + ImitatedGpu.LIBRARY + "=" + folder.resolve(LIBRARY))
            .environment("OMP_NUM_THREADS", "2");
    environment().forEach(command::environment);
    return command.run(logs, LIMIT);
  }
}
