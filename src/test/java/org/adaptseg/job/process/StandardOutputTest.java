package org.adaptseg.job.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
  @Test
  void aFullDiskIsSaidAndAReaderThatHasGoneIsNot() throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      assertThat(StandardOutput.loss("/dev/full", full).orElseThrow())
          .startsWith("Cannot print: expected room for all that the command says, found ")
          .endsWith(" (/dev/full)");
      assertThat(StandardOutput.loss("pipe:[1]", full)).isEmpty();
      assertThat(StandardOutput.loss("", full)).isEmpty();
    }
  }

  @Test
  void anOutputThatWasClosedOnPurposeIsNoLoss() throws IOException {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Bad file descriptor");
          }
        };
    assertThat(StandardOutput.loss("/usr/lib/jvm/lib/modules", closed)).isEmpty();
  }
}
