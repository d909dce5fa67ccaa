package org.adaptseg.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.adaptseg.engine.cuda.dnn.CellType;
import org.adaptseg.testing.ImitatedGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaKernelCache {
  @TempDir Path directory;

  private int compiled(String capability, CellType cells, Path folder) {
    int before = ImitatedGpu.compilations();
    try (KernelModule module = new KernelModule(capability, cells, new KernelCache(folder))) {
      assertThat(module.function("add").isNull()).isFalse();
    }
    return ImitatedGpu.compilations() - before;
  }

  @Test
  void kernelsAreCompiledOnceForADeviceAndAType() throws IOException {
    Path folder = directory.resolve("cache");
    assertThat(compiled("90", CellType.FLOAT32, folder)).isEqualTo(1);
    assertThat(compiled("90", CellType.FLOAT32, folder)).isZero();
    assertThat(compiled("90", CellType.BFLOAT16, folder)).isEqualTo(1);
    assertThat(compiled("80", CellType.FLOAT32, folder)).isEqualTo(1);
    assertThat(files(folder))
        .hasSize(3)
        .allMatch(file -> file.getFileName().toString().matches("[0-9a-f]{64}"));
  }

  @Test
  void aDamagedEntryIsCompiledAgainAndMended() throws IOException {
    Path folder = directory.resolve("cache");
    compiled("90", CellType.FLOAT32, folder);
    Path entry = files(folder).get(0);
    byte[] whole = Files.readAllBytes(entry);
    byte[] changed = whole.clone();
    changed[changed.length / 2] ^= 1;
    for (byte[] damaged : List.of(changed, new byte[0], new byte[64])) {
      Files.write(entry, damaged);
      assertThat(compiled("90", CellType.FLOAT32, folder)).isEqualTo(1);
      assertThat(entry).hasBinaryContent(whole);
      assertThat(compiled("90", CellType.FLOAT32, folder)).isZero();
    }
  }

  @Test
  void whereNothingCanBeKeptTheyAreCompiledEachTime() throws IOException {
    Path file = Files.createFile(directory.resolve("a-file"));
    for (int i = 0; i < 2; i++) {
      assertThat(compiled("90", CellType.FLOAT32, file.resolve("cache"))).isEqualTo(1);
      assertThat(compiled("90", CellType.FLOAT32, null)).isEqualTo(1);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
