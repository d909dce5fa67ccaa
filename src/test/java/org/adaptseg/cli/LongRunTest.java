package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.LevelProbe;
import org.adaptseg.testing.ProgramProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("faults")
@Tag("slow")
class LongRunTest {
  private static final int ROUNDS = 200;
  private static final long MEGABYTE = 1 << 20;
  private static final Pattern LEVEL =
      Pattern.compile(
          "level: jobs=(\\d+) heap=(\\d+) driver=(\\d+) executors=(\\d+) broadcasts=(\\d+)"
              + " files=(\\d+)");

  @TempDir Path directory;

  private record Level(
      long jobs, long heap, long driver, long executors, long broadcasts, long files) {}

  @Test
  void twoHundredRoundsLeaveMemoryBroadcastsAndFilesLevel() {
    List<String> arguments = SmallTraining.train(directory);
    for (String override :
        List.of(
            "schedule.phases.0.iterations=" + ROUNDS,
            "cluster.averaging-interval=1",
            "output.checkpoint-interval=50")) {
      arguments.addAll(List.of("--set", override));
    }
    Map<String, String> settings =
        SmallTraining.executors("local-cluster[1,2,512]", directory.resolve("local"));
    settings.put("spark.extraListeners", LevelProbe.class.getName());
    // What Spark remembers of past jobs is bounded; the bound is to be met early.
    settings.put("spark.ui.retainedJobs", "20");
    settings.put("spark.ui.retainedStages", "40");
    settings.put("spark.ui.retainedTasks", "100");
    // Heaps that are resident from the beginning: what grows then is outside of them.
    String fixed = ProgramProcess.executorOptions() + " -Xms512m -XX:+AlwaysPreTouch";
    settings.put("spark.executor.extraJavaOptions", fixed);
    settings.put("spark.executorEnv.MALLOC_MMAP_THRESHOLD_", "1048576");
    Ended ended =
        SmallTraining.finish(
            SmallTraining.process(settings, arguments)
                .options("-Xmx512m", "-Xms512m", "-XX:+AlwaysPreTouch"),
            directory.resolve("logs"));
    List<Level> levels = levels(ended.out());
    assertThat(levels).hasSize(ROUNDS / 20);
    String all = String.valueOf(levels);
    // One leaked state or broadcast a round would be more than 400 MB.
    assertThat(growth(levels, Level::heap)).as("heap %s", all).isLessThan(32 * MEGABYTE);
    assertThat(growth(levels, Level::driver)).as("driver %s", all).isLessThan(64 * MEGABYTE);
    assertThat(growth(levels, Level::executors)).as("executors %s", all).isLessThan(64 * MEGABYTE);
    assertThat(growth(levels, Level::broadcasts)).as("broadcasts %s", all).isLessThan(16);
    assertThat(growth(levels, Level::files)).as("files %s", all).isLessThan(8);
  }

  /**
   * From rounds 60 to 100, by when everything is loaded, compiled and has its buffers, to rounds
   * 160 to 200; the least of three, because a measurement may fall into a round.
   */
  private static long growth(List<Level> levels, ToLongFunction<Level> value) {
    return least(levels.subList(7, 10), value) - least(levels.subList(2, 5), value);
  }

  private static long least(List<Level> levels, ToLongFunction<Level> value) {
    return levels.stream().mapToLong(value).min().orElseThrow();
  }

  private static List<Level> levels(String out) {
    List<Level> levels = new ArrayList<>();
    Matcher found = LEVEL.matcher(out);
    while (found.find()) {
      levels.add(
          new Level(
              Long.parseLong(found.group(1)),
              Long.parseLong(found.group(2)),
              Long.parseLong(found.group(3)),
              Long.parseLong(found.group(4)),
              Long.parseLong(found.group(5)),
              Long.parseLong(found.group(6))));
    }
    return levels;
  }
}
