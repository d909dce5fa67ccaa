package org.adaptseg.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.RunReports;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.process.Threaded;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the report of runs again. */
@Command(
    name = "report",
    description =
        "Make the HTML report of a run directory, or of several: of up to four side by side, of any"
            + " number as tables and curves. Runs that differ in the seed, the name and where"
            + " results go only are one row, mean and standard deviation.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer>, Threaded {
  @Parameters(
      converter = LocationConverter.class,
      arity = "1..*",
      paramLabel = "DIR",
      description = "Run directories, or directories of them, on any Hadoop file system.")
  private List<String> directories;

  @Option(
      converter = LocationConverter.class,
      names = "--output",
      paramLabel = "FILE",
      description = "File to write; default: report/index.html in the first directory.")
  private String output;

  @Option(
      names = "--no-pictures",
      description = "Leave out the images; without this, the evaluation split must be readable.")
  private boolean noPictures;

  @Override
  public int threads() {
    try {
      return new RunReports(Configurations.hadoop())
          .runs(directories)
          .get(0)
          .config()
          .cluster()
          .threadsPerWorker();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public Integer call() throws Exception {
    RunReports reports = new RunReports(Configurations.hadoop());
    List<RunReports.Run> runs = reports.runs(directories);
    Path file = output == null ? RunReports.fileIn(new Path(directories.get(0))) : new Path(output);
    try (SparkHandle spark = SparkHandle.open(runs.get(0).config())) {
      reports.write(spark, runs, file, !noPictures);
    }
    System.out.println("Report: " + file);
    return Main.DONE;
  }
}
