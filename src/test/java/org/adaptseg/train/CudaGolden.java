package org.adaptseg.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.testing.GoldenTensors;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. The imitation computes a
 * file's iterations in some 12 s, so others than those of a batch are for {@code
 * -Dcuda.golden=steps*.json}.
 */
@ExtendWith(ImitatedGpu.class)
class CudaGolden {
  static List<Path> files() throws IOException {
    List<Path> wanted =
        GoldenTensors.files(System.getProperty("cuda.golden", "steps2-batch2.json"));
    return StepsGoldenTest.files().stream().filter(wanted::contains).toList();
  }

  @ParameterizedTest
  @MethodSource("files")
  void lossesAndTensorsOfEveryIterationEqualTheGoldenOnes(Path file) throws IOException {
    StepsGoldenTest.checkFloat32(file, "cuda");
  }

  @Test
  void inBfloat16TheyEqualTheGoldenOnesWithinItsRounding() throws IOException {
    StepsGoldenTest.checkBfloat16(GoldenTensors.directory().resolve("steps2-minent.json"), "cuda");
  }

  /** Beside those of float32, where files are named. */
  @ParameterizedTest
  @MethodSource("files")
  @EnabledIfSystemProperty(named = "cuda.golden", matches = ".+")
  void inFloat16TheyEqualTheGoldenOnesWithinItsRounding(Path file) throws IOException {
    StepsGoldenTest.checkFloat16(file, "cuda");
  }
}
