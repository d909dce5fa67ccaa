package org.adaptseg.job.process;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessLimitsTest {
  private static final List<String> STATUS = List.of("VmSize:\t 3145728 kB", "VmData:\t 1024 kB");

  private static List<String> limits(String name, String value) {
    return List.of(
        "Limit                     Soft Limit           Hard Limit           Units     ",
        name + "            " + value + "            " + value + "            bytes     ");
  }

  @Test
  void tooFewOpenFilesAreRefusedWithTheSettingThatMendsIt() {
    assertThatThrownBy(() -> ProcessLimits.requireFiles(limits("Max open files", "64")))
        .hasMessage(
            "Cannot start: expected room for 512 open files, found a limit of 64 (raise ulimit -n, to 4096 say)");
    assertThatCode(() -> ProcessLimits.requireFiles(limits("Max open files", "512")))
        .doesNotThrowAnyException();
  }

  @Test
  void memoryInWhichNativeCodeWouldHangIsRefused() {
    // 4000 MiB less Java's 3072; 1024 and two threads' 256 are needed.
    assertThatThrownBy(
            () -> ProcessLimits.requireMemory(limits("Max address space", "4194304000"), STATUS, 2))
        .hasMessage(
            "Cannot load the native libraries: expected room for 1280 MiB beside Java, found 928 MiB of 4000 (raise ulimit -v)");
    assertThatThrownBy(
            () -> ProcessLimits.requireMemory(limits("Max data size", "1048576"), STATUS, 2))
        .hasMessageEndingWith("found 0 MiB of 1 (raise ulimit -d)");
  }

  @Test
  void noLimitIsNone() {
    assertThatCode(
            () -> {
              ProcessLimits.requireFiles(List.of());
              ProcessLimits.requireMemory(limits("Max address space", "unlimited"), STATUS, 2);
              ProcessLimits.requireFiles();
              ProcessLimits.requireMemory(2);
            })
        .doesNotThrowAnyException();
  }
}
