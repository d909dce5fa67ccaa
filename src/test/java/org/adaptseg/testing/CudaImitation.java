package org.adaptseg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final String SANITIZER = "-fsanitize=address -fno-omit-frame-pointer -g";

  /**
   * The JVM has its own use for a signal, what it leaves at its end is not ours, and ND4J's library
   * frees by another function than it allocates by.
   */
  private static final String ASAN_OPTIONS =
      "handle_segv=0:allow_user_segv_handler=1:detect_leaks=0:alloc_dealloc_mismatch=0";

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

  private final Path compiler;
  private final Path folder;
  private final List<String> flags;
  private final Path preloaded; // null for nothing

  private CudaImitation(Path compiler, Path folder, List<String> flags, Path preloaded) {
    this.compiler = compiler;
    this.folder = folder;
    this.flags = flags;
    this.preloaded = preloaded;
  }

  /** As it is; without a compiler, {@link NeededProgram} decides. */
  @Starts
  public static CudaImitation plain() {
    Path compiler = compiler();
    return new CudaImitation(compiler, folder("plain"), List.of(), null).made();
  }

  /** With memory that is watched: what reads or writes beyond it ends the process. */
  @Starts
  public static CudaImitation withAddressSanitizer() {
    Path compiler = compiler();
    Path folder = folder("sanitized");
    Path library =
        Path.of(
            ChildProcess.of(List.of(compiler.toString(), "-print-file-name=libasan.so"))
                .run(folder.resolve("logs"), LIMIT)
                .out()
                .strip());
    return new CudaImitation(compiler, folder, List.of(SANITIZER.split(" ", -1)), library).made();
  }

  private static Path compiler() {
    return NeededProgram.find("compile the imitation of a GPU", "g++");
  }

  /** Another one for other sources. */
  private static Path folder(String name) {
    try {
      String text =
          Files.readString(SOURCES.resolve("imitation.cpp"))
              + Files.readString(SOURCES.resolve("kernel_host.h"));
      Path folder =
          Path.of("target", "cuda-imitation", name + "-" + Sha256.of(text).substring(0, 16));
      return Files.createDirectories(folder).toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CudaImitation made() {
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.exists(folder.resolve(NAMES.get(NAMES.size() - 1)))) {
        compile();
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile() {
    List<String> arguments = new ArrayList<>(flags);
    arguments.addAll(
        List.of(
            "-std=c++17",
            "-O3",
            "-mavx2",
            "-mfma",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-DIMITATION_HEADER=\"" + SOURCES.resolve("kernel_host.h") + "\"",
            "-DIMITATION_CACHE=\"" + folder + "\"",
            "-DIMITATION_FLAGS=\"" + String.join(" ", flags) + "\"",
            SOURCES.resolve("imitation.cpp").toString(),
            "-ldl"));
    library(LIBRARY, arguments);
    for (String name : NAMES) {
      library(
          name,
          List.of(
              "-Wl,-soname," + name,
              "-Wl,--no-as-needed",
              "-L" + folder,
              "-limitation",
              "-Wl,-rpath,$ORIGIN"));
    }
  }

  private void library(String name, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                compiler.toString(), "-shared", "-fPIC", "-o", folder.resolve(name).toString()));
    command.addAll(arguments);
    Ended ended = ChildProcess.of(command).run(folder.resolve("logs"), LIMIT);
    if (ended.code() != 0) {
      throw new IllegalStateException("Cannot compile the imitation of a GPU: " + ended.all());
    }
  }

  /** The golden files that are compared there, where it is said. */
  private static String[] golden() {
    String files = System.getProperty("cuda.golden");
    return files == null ? new String[0] : new String[] {"-Dcuda.golden=" + files};
  }

  /** Runs classes of tests in a process that takes it for a GPU. */
  @Starts
  public Ended run(Path logs, String... classes) {
    JavaCommand command =
        ProgramProcess.spark(
                ClassArchive.classPath(true), TestClasses.class.getName(), List.of(classes))
            .options(golden())
            .options("-D" + ImitatedGpu.LIBRARY + "=" + folder.resolve(LIBRARY))
            .environment("LD_LIBRARY_PATH", folder.toString())
            .environment("OMP_NUM_THREADS", "2");
    if (preloaded != null) {
      command
          .environment("LD_PRELOAD", preloaded.toString())
          .environment("ASAN_OPTIONS", ASAN_OPTIONS);
    }
    return command.run(logs, LIMIT);
  }
}
