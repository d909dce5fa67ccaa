package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.testing.DyingFileSystem;
import org.adaptseg.testing.DyingFileSystem.Moment;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.LocalSpark;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs with evaluation that are killed while they write a file of their directory. */
@Tag("faults")
class RunDirectoryKillTest {
  /** Every file of a run directory, and how many of them a run writes at least. */
  private static final Map<String, Integer> FILES =
      Map.ofEntries(
          Map.entry("/run/config\\.yaml", 1),
          Map.entry("/run/made-from/[^/]*\\.yaml", 2),
          Map.entry("/run/run\\.json", 1),
          Map.entry("/run/metrics\\.jsonl", 4),
          Map.entry("/run/(tensorboard|events[^/]*)$", 2),
          Map.entry("/run/scores\\.json", 2),
          Map.entry("/run/scores-best-on-target-labels\\.json", 1),
          Map.entry("/run/checkpoints/iteration-[^/]*/[^/]*\\.f32", 16),
          Map.entry("/run/checkpoints/iteration-[^/]*/state\\.json", 2),
          Map.entry("/run/best-on-target-labels/iteration-[^/]*/[^/]*\\.f32", 8),
          Map.entry("/run/best-on-target-labels/iteration-[^/]*/state\\.json", 1),
          Map.entry("/run/_owner-[^/]*\\.alive", 1),
          Map.entry("/run/report/index\\.html", 1));

  private record Kill(String file, Moment moment, int occurrence) {}

  @TempDir Path directory;

  @AfterEach
  void live() {
    DyingFileSystem.live();
  }

  @Test
  void killedWhileItWritesAnyOfItsFilesARunResumesAndEndsWithTheSameBits() throws IOException {
    Deque<Kill> kills = kills();
    assertThat(kills).hasSizeGreaterThan(20);
    try (LocalSpark spark = spark()) {
      SmallTraining.succeed(Map.of(), arguments(directory));
      Map<String, String> through = takeContent();
      assertThat(through.keySet())
          .anyMatch(name -> name.endsWith("scores-best-on-target-labels.json"));
      while (!kills.isEmpty()) {
        boolean first = true;
        // Until a run has no more writes of the file that is next.
        while (dies(kills.peek())) {
          kills.remove();
          first = false;
        }
        assertThat(first).as("a new run writes %s", kills.peek()).isFalse();
        assertThat(takeContent()).isEqualTo(through);
      }
    }
  }

  @Test
  void aDamagedFileOfTheBestScoresIsNamedOnResume() throws IOException {
    try (LocalSpark spark = spark()) {
      SmallTraining.succeed(Map.of(), arguments(directory));
      Path file = directory.resolve("run/scores-best-on-target-labels.json");
      for (String damaged : List.of("{\"miou\": 0.", "{\"iteration\": 4}", "[]")) {
        Files.writeString(file, damaged);

        Ended ended = SmallTraining.run(Map.of(), arguments(directory));

        assertThat(ended.code()).isNotZero();
        assertThat(ended.err())
            .contains("Cannot resume: expected scores in JSON, found ")
            .contains(file.toString());
      }
    }
  }

  /** Every file at two of its beginning, middle and end, in a random order. */
  private static Deque<Kill> kills() {
    Random random = new Random(2018);
    List<Kill> all = new ArrayList<>();
    new TreeMap<>(FILES)
        .forEach(
            (file, writes) -> {
              List<Moment> moments = new ArrayList<>(List.of(Moment.values()));
              Collections.shuffle(moments, random);
              for (Moment moment : moments.subList(0, 2)) {
                all.add(new Kill(file, moment, 1 + random.nextInt(writes)));
              }
            });
    Collections.shuffle(all, random);
    return new ArrayDeque<>(all);
  }

  private static LocalSpark spark() {
    return LocalSpark.start(
        "local[2]",
        Map.of(
            "spark.hadoop.fs.file.impl",
            DyingFileSystem.class.getName(),
            "spark.hadoop.fs.file.impl.disable.cache",
            "true"));
  }

  /** Runs on; whether it died there. If not, it has ended well. */
  private boolean dies(Kill kill) {
    if (kill == null) {
      DyingFileSystem.live();
      SmallTraining.succeed(Map.of(), arguments(directory));
      return false;
    }
    DyingFileSystem.dieAt(directory.resolve("run"), kill.file(), kill.moment(), kill.occurrence());
    try {
      Ended ended = SmallTraining.run(Map.of(), arguments(directory));
      assertThat(DyingFileSystem.isDead())
          .as("%s%n%s%n%s", kill, ended.out(), ended.err())
          .isFalse();
      assertThat(ended.code()).as("%s%n%s%n%s", kill, ended.out(), ended.err()).isZero();
      return false;
    } catch (DyingFileSystem.Killed e) {
      return true;
    }
  }

  private static List<String> arguments(Path directory) {
    List<String> arguments = SmallTraining.train(directory, "--resume");
    for (String setting : List.of("schedule.phases.0.iterations=6", "evaluation.interval=2")) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments;
  }

  /**
   * Hashes of all files but those with times in them, of which the names count, and deletes them:
   * runs of the same directory have the same configuration.
   */
  private Map<String, String> takeContent() throws IOException {
    Path run = directory.resolve("run");
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString();
        if (name.equals("metrics.jsonl")) {
          content.put(name, Sha256.of(String.join("\n", iterations(file))));
        } else if (name.equals("report/index.html")) {
          content.put(name, "is there");
        } else if (!name.startsWith("events.out.tfevents")) {
          content.put(name, Sha256.of(Files.readAllBytes(file)));
        }
      }
    }
    FileUtils.deleteDirectory(run.toFile());
    return content;
  }

  private static List<String> iterations(Path metrics) throws IOException {
    return Files.readAllLines(metrics).stream()
        .filter(line -> line.startsWith("{\"kind\":\"iteration\""))
        .toList();
  }
}
