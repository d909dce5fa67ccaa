package org.adaptseg.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.store.Json;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.Experiment;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.TrainingJob;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.spark.TrainingRun;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells how much of a run's rounds is not the learner's step. */
@Command(
    name = "run",
    description =
        "Train as the demo does for some rounds and print the share of time outside the"
            + " learner's step: scheduling, averaging, broadcast, waiting for input. Prints JSON.",
    mixinStandardHelpOptions = true)
final class BenchRunCommand implements Callable<Integer>, Threaded {
  @Option(names = "--rounds", defaultValue = "45", description = "Rounds (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "5",
      description = "Untimed rounds first (${DEFAULT-VALUE}).")
  private int warmUp;

  @Override
  public int threads() {
    return Configurations.demo(List.of()).cluster().threadsPerWorker();
  }

  private static final class Times implements TrainingListener {
    private final int warmUp;
    private double round;
    private double step;
    private double inputWait;

    Times(int warmUp) {
      this.warmUp = warmUp;
    }

    @Override
    public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
      if (plan.round() >= warmUp) {
        round += timings.round();
        step += timings.step();
        inputWait += timings.inputWait();
      }
    }
  }

  @Override
  public Integer call() throws IOException {
    int interval = Configurations.demo(List.of()).cluster().averagingInterval().get(0).iterations();
    java.nio.file.Path directory = Files.createTempDirectory("bench-run");
    Times times = new Times(warmUp);
    try {
      RunConfig config =
          Configurations.demo(
              List.of(
                  "run.name=bench-run",
                  "output.dir=" + directory,
                  "schedule.phases.0.iterations=" + (long) (warmUp + rounds) * interval));
      Experiment experiment = new Experiment(config, Configurations.hadoop());
      try (SparkHandle spark = SparkHandle.open(config)) {
        new TrainingJob(experiment).run(spark, TrainingRun.Start.NEW, List.of(times));
      }
    } finally {
      Path made = new Path(directory.toUri());
      FileSystem files = made.getFileSystem(Configurations.hadoop());
      files.delete(made, true);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("rounds", rounds);
    result.put("iterations_per_round", interval);
    result.put("round_s", times.round / rounds);
    result.put("step_s", times.step / rounds);
    result.put("input_wait_s", times.inputWait / rounds);
    result.put("outside_step", 1 - times.step / times.round);
    System.out.println(Json.line(result));
    return CommandLine.ExitCode.OK;
  }
}
