package org.adaptseg.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.adaptseg.engine.cuda.dnn.CellType;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernels by NVIDIA's own compiler, where CUDA 12.8 or newer is installed; nothing is installed
 * for it. For the oldest and the newest architecture, or for those of {@code
 * -Dcuda.architectures=75,80,86,89,90,100,120}.
 */
@Tag("slow")
class KernelsCompileTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Path KERNELS =
      Path.of("src/main/resources/org/adaptseg/engine/cuda/kernels.cu");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(CellType.class)
  void theyBecomeMachineCodeWithoutAWarning(CellType cells) {
    Optional<Path> nvcc =
        Pattern.compile(File.pathSeparator)
            .splitAsStream(System.getenv("PATH"))
            .map(folder -> Path.of(folder, "nvcc"))
            .filter(Files::isExecutable)
            .findFirst();
    if (nvcc.isEmpty()) {
      System.err.println("NOT COMPILED: the kernels for GPUs, since nvcc is not in PATH");
    }
    assumeTrue(nvcc.isPresent(), "nvcc is not in PATH");
    List<String> command = new ArrayList<>(List.of(nvcc.orElseThrow().toString()));
    command.addAll(List.of("-std=c++17", "-Werror", "all-warnings", "-D" + cells.macro()));
    for (String architecture : System.getProperty("cuda.architectures", "75,120").split(",", -1)) {
      command.add("-gencode=arch=compute_" + architecture + ",code=sm_" + architecture);
    }
    Path code = directory.resolve("kernels.fatbin");
    command.addAll(List.of("-fatbin", "-o", code.toString(), KERNELS.toString()));

    Ended ended = ChildProcess.of(command).run(directory, LIMIT);

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(code).isNotEmptyFile();
  }
}
