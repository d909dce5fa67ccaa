package org.adaptseg.report.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CountLinesTest {
  @Test
  void aLineComesEveryFiveSeconds() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long[] seconds = {0};
    CountLines lines =
        new CountLines(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            "prediction",
            40,
            "images",
            () -> seconds[0] * 1_000_000_000L);

    for (int done : new int[] {4, 10, 14, 20, 40}) {
      seconds[0] += 3;
      lines.accept(done);
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "prediction: 10/40 images, 0:18 left", "prediction: 20/40 images, 0:12 left");
  }
}
