package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that quotes a number does not start from random values by accident. */
class RequiredWeightsTest {
  private static final Duration SECONDS = Duration.ofSeconds(20);

  @TempDir Path directory;

  /** Its datasets are not here: whoever looks at them first complains of them. */
  private Ended paper(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--config=conf/gta5-to-cityscapes-multi.yaml",
                "--set=cluster.threads-per-worker=1",
                "--set=output.dir=" + directory.resolve("run")));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }

  @Test
  void withoutWeightsTrainingEndsWithinSecondsBeforeAnyDataIsLookedAt() {
    for (List<String> more : List.of(List.<String>of(), List.of("--dry-run"))) {
      Instant begin = Instant.now();
      Ended run = paper(more.toArray(String[]::new));

      assertThat(Duration.between(begin, Instant.now())).isLessThan(SECONDS);
      assertThat(run.code()).isEqualTo(Main.BAD_USAGE);
      assertThat(run.err())
          .startsWith("Cannot use conf/gta5-to-cityscapes-multi.yaml: 1 problem")
          .contains("expected DeepLab_resnet_pretrained_init-f81d91e8.pth")
          .contains("from the authors of AdaptSegNet")
          .contains("docs/weights.md")
          .contains("--set initial-weights.random=true")
          .doesNotContain("data.source");
      assertThat(directory.resolve("run")).doesNotExist();
    }
  }

  @Test
  void randomValuesOnPurposeAndAFilePassThisCheck() {
    for (String set :
        List.of("initial-weights.random=true", "initial-weights.file=" + directory + "/a.pth")) {
      Ended run = paper("--set=" + set);

      assertThat(run.code()).isEqualTo(Main.FAILURE);
      assertThat(run.err()).contains("data.source.root").doesNotContain("random=true");
    }
  }

  @Test
  void trainingSaysWhatItBeginsWith() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    Ended run = ProgramRun.of(List.of("train", "--config=" + config, "--dry-run"));

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("# Initial weights: random values, seed 1");
  }
}
