package org.adaptseg.job;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.checkpoint.RunIdentity;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.job.process.Failures;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.GalleryPainter;
import org.adaptseg.report.html.ReportPage;
import org.adaptseg.report.html.ReportedRun;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.report.html.RunHistory;
import org.adaptseg.spark.DistributedGallery;
import org.adaptseg.train.Networks;
import org.adaptseg.train.schedule.Schedule;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Makes reports from run directories: from what runs left there, so that a report made later is the
 * same as one made at the run's end.
 */
public final class RunReports {
  private static final String CONFIGURATION = MadeFrom.CONFIGURATION;

  private final Configuration hadoop;

  public RunReports(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * A run directory.
   *
   * @param config its configuration, which names files of the directory
   * @param written the same as it is written there, for people
   */
  public record Run(Path directory, RunConfig config, RunConfig written) {}

  /** Where the report of a directory is. */
  public static Path fileIn(Path directory) {
    return new Path(directory, "report/index.html");
  }

  /**
   * The runs of directories. A directory that holds run directories, as a demo's, stands for them.
   * Runs without adaptation come first, because others are compared with them.
   *
   * @throws ConfigException naming each directory that is not a run
   */
  public List<Run> runs(List<String> directories) throws IOException {
    List<Run> runs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String directory : directories) {
      List<Path> found = runDirectories(new Path(directory));
      if (found.isEmpty()) {
        problems.add(
            "%s: expected a run directory, or a directory of them, found no %s"
                .formatted(directory, CONFIGURATION));
      }
      for (Path path : found) {
        runs.add(run(path));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("the report", problems);
    }
    runs.sort(Comparator.comparing(run -> !run.config().schedule().isSourceOnly()));
    return runs;
  }

  private List<Path> runDirectories(Path directory) throws IOException {
    FileSystem files = directory.getFileSystem(hadoop);
    if (files.exists(new Path(directory, CONFIGURATION))) {
      return List.of(directory);
    }
    List<Path> runs = new ArrayList<>();
    if (files.exists(directory)) {
      FileStatus[] children = files.listStatus(directory);
      Arrays.sort(children);
      for (FileStatus child : children) {
        if (child.isDirectory() && files.exists(new Path(child.getPath(), CONFIGURATION))) {
          runs.add(child.getPath());
        }
      }
    }
    return runs;
  }

  private Run run(Path directory) throws IOException {
    String file = new Path(directory, CONFIGURATION).toString();
    TextSource texts = Configurations.texts(hadoop);
    RunConfig written = MadeFrom.asWritten(texts.read(file), file, directory.toString(), texts);
    return new Run(directory, Configurations.read(file, List.of()), written);
  }

  /**
   * Writes the report of runs. The pictures of those that are shown side by side, up to {@value
   * ReportPage#SIDE_BY_SIDE}, are painted by a small Spark job each.
   *
   * @param pictures whether to show images, for which the evaluation split must be readable
   */
  public void write(SparkHandle spark, List<Run> runs, Path file, boolean pictures)
      throws IOException {
    List<ReportedRun> reported = new ArrayList<>();
    for (Run run : runs) {
      LabelSpace classes = data(run.config()).classes();
      reported.add(
          new ReportedRun(
              run.written(),
              classes,
              RunFacts.read(run.directory(), hadoop),
              RunHistory.read(
                  run.directory(),
                  Schedule.of(run.config()).totalIterations(),
                  classes.names(),
                  hadoop),
              pictures && runs.size() <= ReportPage.SIDE_BY_SIDE
                  ? gallery(spark, run)
                  : List.of()));
    }
    ReportPage.write(reported, file, hadoop);
  }

  /**
   * Writes the report at the end of a training. What was trained is saved by then, so a report that
   * cannot be made is reported and does not fail the run.
   *
   * @param directory a run directory or one of several
   */
  public void writeAtEnd(SparkHandle spark, Path directory, PrintStream out) {
    Path file = fileIn(directory);
    try {
      write(spark, runs(List.of(directory.toString())), file, true);
      out.println("Report: " + file);
    } catch (IOException | RuntimeException e) {
      out.println("No report: " + Failures.message(e));
      out.println("The run is complete; 'report %s' makes its report.".formatted(directory));
    }
  }

  private ResolvedData data(RunConfig config) {
    return ResolvedData.of(config.data(), Configurations.texts(hadoop));
  }

  private List<GalleryEntry> gallery(SparkHandle spark, Run run) throws IOException {
    RunConfig config = run.config();
    ResolvedData data = data(config);
    // Only the networks must be the same; with what versions the run was made does not matter here.
    RunIdentity identity =
        new RunIdentity(
            Networks.fingerprint(config, data.classes().size()),
            config.run().seed(),
            "",
            data.classes().names(),
            Map.of(),
            Map.of());
    Optional<Checkpoint> newest =
        new CheckpointStore(new Path(run.directory(), "checkpoints"), hadoop, identity, 1)
            .newest()
            .checkpoint();
    if (newest.isEmpty()) {
      return List.of();
    }
    GalleryPainter painter =
        new GalleryPainter(
            config.model(),
            config.cluster().arithmetic(),
            data.classes(),
            evaluation(config, data),
            new HadoopSettings(hadoop));
    return DistributedGallery.paint(
        spark.context(), painter, newest.get().state(), "pictures of the report");
  }

  private SplitPlan evaluation(RunConfig config, ResolvedData data) {
    try {
      return SplitPlan.prepare(
          data.evaluation(),
          config.data().evaluation(),
          data.classes(),
          SplitPlan.Labels.NEEDED,
          config.run().seed(),
          config.data().maxPixels(),
          config.data().normalisation(),
          hadoop);
    } catch (DatasetException e) {
      throw new ConfigException("data.evaluation of " + config.run().name(), e.problems());
    }
  }
}
