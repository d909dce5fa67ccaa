package org.adaptseg.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeLibrariesTest {
  private static String describe(String failure) {
    Throwable wrapped =
        new ExceptionInInitializerError(
            new RuntimeException(new UnsatisfiedLinkError(failure + "\nand more")));
    return NativeLibraries.describe(wrapped, "Linux", "amd64");
  }

  @Test
  void theyAreHere() {
    NativeLibraries.require();
  }

  @Test
  void armIsNamedAsWhatIsMissing() {
    assertThat(NativeLibraries.describe(new UnsatisfiedLinkError(), "Linux", "aarch64"))
        .startsWith("Cannot load the native libraries: expected Linux on x86-64 (amd64)")
        .endsWith("found Linux on aarch64; there are none for Arm (aarch64)");
  }

  @ParameterizedTest
  @CsvSource({
    "libjnijavacpp.so: failed to map segment from shared object, forbids execution",
    "No space left on device, need 300 MB",
    "unable to create native thread, raise ulimit -u",
    "libx.so: cannot open shared object file, set ADAPTSEG_JAVA_OPTIONS"
  })
  void aFailureIsOneLineWithTheSettingThatMendsIt(String failure, String cure) {
    assertThat(describe(failure))
        .contains("UnsatisfiedLinkError: " + failure)
        .contains(cure)
        .doesNotContain("\n");
  }
}
