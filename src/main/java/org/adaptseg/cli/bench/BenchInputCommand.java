package org.adaptseg.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.Prefetcher;
import org.adaptseg.data.Sample;
import org.adaptseg.data.Split;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.store.Json;
import org.adaptseg.job.Configurations;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times reading samples as a worker does: fetch, decode, resize, label map. */
@Command(
    name = "input",
    description =
        "Time reading labelled samples through the prefetcher, from any Hadoop file system; prints"
            + " JSON.",
    mixinStandardHelpOptions = true)
final class BenchInputCommand implements Callable<Integer> {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final long MAX_PIXELS = 100_000_000;

  @Option(
      names = "--dataset",
      defaultValue = "gta5",
      description = "Description of the dataset (${DEFAULT-VALUE}).")
  private String dataset;

  @Option(
      names = "--classes",
      defaultValue = "cityscapes-19",
      description = "Label space (${DEFAULT-VALUE}).")
  private String classes;

  @Option(
      names = "--root",
      required = true,
      paramLabel = "URI",
      description = "Where the dataset is.")
  private String root;

  @Option(names = "--split", defaultValue = "train", description = "Split (${DEFAULT-VALUE}).")
  private String split;

  @Option(
      names = "--width",
      defaultValue = "1280",
      description = "Pixels to resize to (${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--height",
      defaultValue = "720",
      description = "Pixels to resize to (${DEFAULT-VALUE}).")
  private int height;

  @Option(
      names = "--samples",
      defaultValue = "100",
      description = "Timed samples (${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--warm-up",
      defaultValue = "20",
      description = "Untimed samples first, to warm up prefetching (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Prefetching threads (${DEFAULT-VALUE}).")
  private int threads;

  @Override
  public Integer call() throws IOException {
    Configuration hadoop = Configurations.hadoop();
    LabelSpace space = ResolvedData.labelSpace(classes);
    DatasetDescription description = ResolvedData.dataset(dataset);
    RunConfig.Domain domain = new RunConfig.Domain(dataset, root, split, width, height, "");
    SplitPlan plan =
        SplitPlan.prepare(
            description,
            domain,
            space,
            SplitPlan.Labels.NEEDED,
            1,
            MAX_PIXELS,
            Normalisation.CAFFE,
            hadoop);
    double seconds;
    double cpuSeconds;
    long total = (long) warmUp + samples;
    try (Split opened = plan.open(hadoop);
        Prefetcher<Sample.Labelled> ahead =
            Prefetcher.labelled(
                opened, at -> (int) (at % plan.size()), total, threads, 2 * threads)) {
      take(ahead, warmUp);
      long cpu = SYSTEM.getProcessCpuTime();
      long begin = System.nanoTime();
      take(ahead, samples);
      seconds = (System.nanoTime() - begin) / NANOS;
      cpuSeconds = (SYSTEM.getProcessCpuTime() - cpu) / NANOS;
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("dataset", dataset);
    result.put("width", width);
    result.put("height", height);
    result.put("threads", threads);
    result.put("samples", samples);
    result.put("samples_per_s", samples / seconds);
    result.put("cpu_ms_per_sample", MILLIS * cpuSeconds / samples);
    System.out.println(Json.line(result));
    return CommandLine.ExitCode.OK;
  }

  private static void take(Prefetcher<Sample.Labelled> from, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      from.next();
    }
  }
}
