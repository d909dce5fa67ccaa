package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.JavaCommand;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class SteadyStateTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Values of the stem's map of the small network: 16 channels at half the image's size. */
  private static final long ACTIVATION =
      16L * (SteadyStateMain.WIDTH / 2) * (SteadyStateMain.HEIGHT / 2);

  @TempDir private Path logs;

  /**
   * What is bound to Java objects is freed when the garbage collector finds them; a fixed Java heap
   * that hardly fills would let something per iteration pile up.
   */
  @ParameterizedTest
  @CsvSource({"float32, 4", "bfloat16, 2"})
  void aSteadyIterationAllocatesNoActivation(String precision, int bytes) {
    if (precision.equals("bfloat16")) {
      GoldenNetworks.assumeBfloat16();
    }
    long activation = ACTIVATION * bytes;
    try (ChildProcess process =
        JavaCommand.main(
                System.getProperty("java.class.path"),
                SteadyStateMain.class.getName(),
                List.of(precision))
            .options("-Xms512m", "-Xmx512m", "-Xmn384m", "-XX:+AlwaysPreTouch")
            .environment("MALLOC_MMAP_THRESHOLD_", "65536")
            .start(logs)) {
      Ended ended = process.await(LIMIT);

      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(value("resident", ended.out()) / SteadyStateMain.ITERATIONS)
          .as("growth of resident memory, bytes an iteration")
          .isLessThan(activation / 2);
      assertThat(value("heap", ended.out()) / SteadyStateMain.ITERATIONS)
          .as("Java objects, bytes an iteration")
          .isLessThan(4 * activation);
    }
  }

  private static long value(String name, String out) {
    Matcher found = Pattern.compile("^" + name + " (-?\\d+)$", Pattern.MULTILINE).matcher(out);
    assertThat(found.find()).as("a line '%s' in: %s", name, out).isTrue();
    return Long.parseLong(found.group(1));
  }
}
