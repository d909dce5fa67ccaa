package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("command")
class AblationCommandTest {
  @TempDir Path directory;

  private String run(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ablation",
                "--dir=" + directory.resolve("runs"),
                "--tables=" + directory.resolve("results.md"),
                "--iterations=2",
                "--seeds=4",
                "--factors=1,4"));
    for (String set : TinyRun.OF_DEMO) {
      arguments.addAll(List.of("--set", set));
    }
    arguments.addAll(List.of(more));
    Ended ended = ProgramRun.of(arguments);
    assertThat(ended.code()).as(ended.all()).isEqualTo(Main.DONE);
    return ended.out();
  }

  @Test
  void aFinishedRunIsNotRepeatedAndAnUnfinishedOneIs() throws IOException {
    Files.writeString(directory.resolve("results.md"), "# Mine\n");

    String first = run();

    assertThat(first)
        .contains("Run 1 of 14: source-only-seed4", "14 of 14 runs finished")
        .contains("iteration 2 of source-only-seed4 is scored");
    assertThat(directory.resolve("runs/adabn-seed4").toFile().list()).containsOnly("result.json");
    String page = Files.readString(directory.resolve("results.md"));
    assertThat(page).startsWith("# Mine\n").contains("| oracle (trained on target labels) | 1 |");
    assertThat(page.lines().filter(l -> l.matches("\\| [^|]+\\| 1 \\| \\d.*"))).hasSize(12);

    Path lost = directory.resolve("runs/feature-lambda-x4.0-seed4/result.json");
    String result = Files.readString(lost);
    Files.delete(lost);

    assertThat(run("--tables-only")).contains("13 of 14 runs finished").doesNotContain("Run ");

    String second = run();

    assertThat(second).contains("Run 13 of 14").doesNotContain("Run 12 of 14");
    assertThat(Files.readString(lost)).isEqualTo(result);
    assertThat(Files.readString(directory.resolve("results.md"))).isEqualTo(page);
  }

  @Test
  void methodsMayBeChosenByName() {
    List<String> arguments =
        List.of(
            "ablation",
            "--dir=" + directory.resolve("some"),
            "--factors=1",
            "--seeds=1,2",
            "--also-over=road,sky",
            "--tables-only");
    List<String> some = new ArrayList<>(arguments);
    some.add("--methods=oracle,source-only");
    TinyRun.OF_DEMO.forEach(set -> some.add("--set=" + set));
    Ended chosen = ProgramRun.of(some);
    assertThat(chosen.all())
        .contains("0 of 4 runs finished", "| source only | 0 |", "The 2 classes: road, sky.");

    List<String> unknown = new ArrayList<>(arguments);
    unknown.add("--methods=oracle,magic");
    TinyRun.OF_DEMO.forEach(set -> unknown.add("--set=" + set));
    Ended refused = ProgramRun.of(unknown);
    assertThat(refused.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(refused.err()).contains("--methods: expected some of source-only,", "magic");
  }
}
