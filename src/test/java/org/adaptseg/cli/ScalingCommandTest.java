package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("command")
class ScalingCommandTest {
  @TempDir Path directory;

  private String run(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "scaling",
                "--config=" + SmallTraining.configuration(directory),
                "--set=evaluation.batch-norm-images=2",
                "--dir=" + directory.resolve("runs"),
                "--table=" + directory.resolve("scaling.md"),
                "--iterations=8",
                "--workers=2",
                "--intervals=1",
                "--seeds=4"));
    arguments.addAll(List.of(more));
    Ended ended = ProgramRun.of(arguments);
    assertThat(ended.code()).as(ended.all()).isEqualTo(Main.DONE);
    return ended.out();
  }

  @Test
  void theGridIsMeasuredOnceAndAnUnfinishedRunAgain() throws IOException {
    assertThat(run()).contains("Run 1 of 7: n1-seed4").contains("7 of 7 runs finished");
    String page = Files.readString(directory.resolve("scaling.md"));
    assertThat(page.lines().filter(l -> l.matches("\\| [12] \\|.*\\| 1 \\| \\d.*"))).hasSize(7);
    Path lost = directory.resolve("runs/n2-k1-none-seed4/result.json");
    Files.delete(lost);

    assertThat(run("--table-only")).contains("6 of 7 runs finished").doesNotContain("Run ");
    assertThat(run()).contains("Run 5 of 7").doesNotContain("Run 4 of 7");
    assertThat(Files.readString(directory.resolve("scaling.md"))).isEqualTo(page);
  }
}
