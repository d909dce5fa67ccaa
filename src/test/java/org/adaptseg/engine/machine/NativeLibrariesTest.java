package org.adaptseg.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.adaptseg.config.Arithmetic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeLibrariesTest {
  private static String describe(String failure) {
    Throwable wrapped =
        new ExceptionInInitializerError(
            new RuntimeException(new UnsatisfiedLinkError(failure + "\nand more")));
    return NativeLibraries.describe(
        wrapped, "Linux", "amd64", folder("rw,relatime"), NativeLibraries.DNNL);
  }

  private static NativeFolder folder(String options) {
    return new NativeFolder(
        Path.of("/a home/u/cache"),
        List.of("x / ext4 rw,noexec 0 0", "y /a\\040home tmpfs " + options + " 0 0"));
  }

  @Test
  void theyAreHere() {
    NativeLibraries.require(Arithmetic.ANY_THREADS);
  }

  @Test
  void armIsNamedAsWhatIsMissing() {
    assertThat(
            NativeLibraries.describe(
                new UnsatisfiedLinkError(), "Linux", "aarch64", folder("rw"), NativeLibraries.DNNL))
        .startsWith("Cannot load the native libraries: expected Linux on x86-64 (amd64)")
        .endsWith("found Linux on aarch64; there are none for Arm (aarch64)");
  }

  @ParameterizedTest
  @CsvSource({
    "libx.so: failed to map segment from shared object, raise ulimit -v",
    "No space left on device, /a home/u/cache",
    "unable to create native thread, raise ulimit -u",
    "libx.so: cannot open shared object file, set ADAPTSEG_JAVA_OPTIONS"
  })
  void aFailureIsOneLineWithTheSettingThatMendsIt(String failure, String cure) {
    assertThat(describe(failure))
        .contains("UnsatisfiedLinkError: " + failure)
        .contains(cure)
        .doesNotContain("\n");
  }

  @Test
  void aFolderThatForbidsExecutionIsNamed() {
    assertThat(
            NativeLibraries.describe(
                new UnsatisfiedLinkError("libx.so: failed to map segment"),
                "Linux",
                "amd64",
                folder("rw,noexec,relatime"),
                NativeLibraries.DNNL))
        .contains("/a home/u/cache, which they are unpacked to, forbids execution")
        .contains("-Dorg.bytedeco.javacpp.cachedir=DIR");
  }

  @Test
  void theFolderIsTheHomesUnlessThatIsNone(@TempDir Path directory) throws IOException {
    Path home = directory.resolve("home");
    Path usual = home.resolve(".javacpp/cache");
    Files.createDirectory(home);
    assertThat(NativeFolder.choose(home, directory)).isEqualTo(usual);

    Path own = NativeFolder.choose(Path.of("?"), directory);
    assertThat(own).isDirectory().hasParent(directory);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(NativeFolder.choose(file, directory)).isEqualTo(own);

    Files.delete(own);
    Files.createSymbolicLink(own, home);
    assertThat(NativeFolder.choose(Path.of("?"), directory))
        .as("what others may have made is not executed")
        .isNotEqualTo(own)
        .hasParent(directory);
  }
}
