package org.adaptseg.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class NeededProgramTest {
  private static final String REASON =
      "Cannot draw: expected one of [nothing, nobody] in PATH, found none (jobs/test.sh installs"
          + " it)";

  @Test
  void theFirstNameThatIsThereIsTaken() {
    assertThat(NeededProgram.search("draw", "/nowhere:/bin", null, "nothing", "sh", "ls"))
        .isEqualTo(Path.of("/bin/sh"));
  }

  @Test
  void aTestWithoutItsProgramIsLeftOutWithTheReason(@TempDir Path directory) {
    Path leftOut = directory.resolve("left-out.txt");

    assertThatThrownBy(() -> NeededProgram.search("draw", "/bin", leftOut, "nothing", "nobody"))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageEndingWith(REASON);
    assertThat(leftOut).hasContent(REASON);
  }

  @Test
  void inCiItFails() {
    assertThatThrownBy(() -> NeededProgram.search("draw", "/bin", null, "nothing", "nobody"))
        .isInstanceOf(AssertionError.class)
        .hasMessage(REASON);
  }
}
