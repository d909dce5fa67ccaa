package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ProgramProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A processor without instructions for bfloat16; oneDNN is kept from using those of this one. */
@Tag("slow")
class PrecisionOfAMachineTest {
  @TempDir private Path directory;

  @Test
  void bfloat16IsRefusedWithWhatTheProcessorHas() {
    Ended ended = bench("bfloat16");

    assertThat(ended.code()).isNotZero();
    assertThat(ended.err())
        .contains("Cannot compute with cluster.precision: bfloat16")
        .contains("avx512_bf16")
        .contains("found avx2")
        .doesNotContain("\tat ");
  }

  @Test
  void autoIsFloat32() {
    Ended ended = bench("auto");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("\"precision\":\"float32\"")
        .contains("\"instruction_set\":\"avx2\"");
  }

  private Ended bench(String precision) {
    List<String> arguments =
        List.of(
            "bench",
            "forward",
            "--precision=" + precision,
            "--width=64",
            "--height=64",
            "--layers=1,1,1,1",
            "--base-width=8",
            "--iterations=1");
    try (ChildProcess process =
        ProgramProcess.classes(arguments)
            .environment("ONEDNN_MAX_CPU_ISA", "AVX2")
            .start(directory)) {
      return process.await(Duration.ofMinutes(2));
    }
  }
}
