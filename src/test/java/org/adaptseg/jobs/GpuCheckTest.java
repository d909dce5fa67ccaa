package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.CudaImitation;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ProgramProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jobs/gpu/check.sh --pack}, and what it packs on a machine with nothing else. */
@Tag("slow")
class GpuCheckTest {
  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final long MOST = 40_000_000;

  @TempDir Path directory;

  /** The imitation stands in for the GPU; one precision, because a run is a JVM. */
  @Test
  void aPackedFolderIsSmallAndChecksAGpuWithItsOwnJavaAlone() throws IOException {
    Path packed = directory.resolve("packed");
    List<String> pack = List.of("jobs/gpu/check.sh", "--pack", packed.toString());
    Ended packing = ChildProcess.script(ProgramProcess.forScripts(), pack).run(directory, LIMIT);
    assertThat(packing.code()).as(packing.all()).isZero();
    assertThat(size(packed)).isLessThanOrEqualTo(MOST);

    Ended again = ChildProcess.script(ProgramProcess.forScripts(), pack).run(directory, LIMIT);
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("expected a folder that is empty or not there");

    Path bin = Files.createDirectories(directory.resolve("bin"));
    try (Stream<Path> programs = Files.list(Path.of("/usr/bin"))) {
      for (Path program : programs.filter(file -> !file.endsWith("java")).toList()) {
        Files.createSymbolicLink(bin.resolve(program.getFileName()), program);
      }
    }
    Map<String, String> environment = new LinkedHashMap<>(CudaImitation.plain().environment());
    environment.put("PATH", bin.toString());
    environment.put("JAVA_HOME", "/nowhere");
    Ended checking =
        ChildProcess.script(
                environment,
                List.of(
                    "/bin/bash",
                    packed.resolve("check.sh").toString(),
                    "--small",
                    "--only",
                    "float32"))
            .run(directory, LIMIT);
    assertThat(checking.code()).as(checking.all()).isZero();
    assertThat(checking.out())
        .contains("GPU, float32: largest difference of a loss (imitation (9.0), cuDNN 9.10.0)")
        .contains("GPU, float32: the same run twice | equal");
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
