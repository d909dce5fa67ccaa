package org.adaptseg.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.JavaCommand;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class NativeThreadsTest {
  @TempDir private Path logs;

  @ParameterizedTest
  @CsvSource({"3, 1", "1, 2", "2, nonsense"})
  void theConfigurationsNumberHoldsWhateverTheEnvironmentSays(int wanted, String environment) {
    try (ChildProcess process =
        JavaCommand.main(
                System.getProperty("java.class.path"),
                NativeThreadsMain.class.getName(),
                List.of(String.valueOf(wanted)))
            .environment("OMP_NUM_THREADS", environment)
            .start(logs)) {
      Ended ended = process.await(Duration.ofMinutes(2));

      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.out().lines())
          .startsWith("native " + wanted, "loops " + wanted)
          .last()
          .asString()
          .startsWith("Cannot compute with cluster.threads-per-worker: " + (wanted + 1))
          .contains("found one whose OpenMP was loaded with " + wanted);
    }
  }

  @Test
  void itHoldsBesideNd4j() {
    try (ChildProcess process =
        JavaCommand.main(
                System.getProperty("java.class.path"),
                NativeThreadsMain.class.getName(),
                List.of("5", "nd4j"))
            .start(logs)) {
      Ended ended = process.await(Duration.ofMinutes(2));

      assertThat(ended.out().lines()).as(ended.all()).contains("native 5", "loops 5");
    }
  }

  @Test
  void librariesThatAreLoadedCanStillBeLimitedToInstructions() {
    try (ChildProcess process =
        JavaCommand.main(
                System.getProperty("java.class.path"),
                NativeLibrariesMain.class.getName(),
                List.of())
            .start(logs)) {
      Ended ended = process.await(Duration.ofMinutes(2));

      assertThat(ended.out().lines()).as(ended.all()).containsExactly("limited");
    }
  }
}
