package org.adaptseg.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Image;
import org.adaptseg.data.LabelImage;
import org.adaptseg.data.Sample;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.train.AdaptationStep;
import org.adaptseg.train.Networks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times whole adversarial iterations on random images. */
@Command(
    name = "step",
    description =
        "Time whole adversarial iterations on random images: a line per iteration and, last, JSON.",
    mixinStandardHelpOptions = true)
final class BenchStepCommand implements Callable<Integer> {
  private static final double NANOS = 1e9;

  @Option(names = "--width", defaultValue = "512", description = "Pixels (${DEFAULT-VALUE}).")
  private int width;

  @Option(names = "--height", defaultValue = "256", description = "Pixels (${DEFAULT-VALUE}).")
  private int height;

  @Option(
      names = "--layers",
      split = ",",
      defaultValue = "3,4,23,3",
      description = "Residual blocks per stage (${DEFAULT-VALUE}).")
  private List<Integer> layers;

  @Option(
      names = "--base-width",
      defaultValue = "64",
      description = "Channels of the stem and of the discriminators (${DEFAULT-VALUE}).")
  private int baseWidth;

  @Option(names = "--classes", defaultValue = "19", description = "Classes (${DEFAULT-VALUE}).")
  private int classes;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description = "Iterations; the first is not counted in the median (${DEFAULT-VALUE}).")
  private int iterations;

  @Override
  public Integer call() throws IOException {
    RunConfig config = config();
    Sample.Labelled source = new Sample.Labelled("source", image(1), labels());
    Sample.Unlabelled target = new Sample.Unlabelled("target", image(2));
    var samples =
        new AdaptationStep.Samples() {
          @Override
          public Sample.Labelled source() {
            return source;
          }

          @Override
          public Sample.Unlabelled target() {
            return target;
          }
        };
    double[] seconds = new double[iterations];
    try (Networks networks = new Networks(config, classes)) {
      networks.initialize(1);
      AdaptationStep step = new AdaptationStep(networks, config);
      for (int i = 0; i < iterations; i++) {
        long begin = System.nanoTime();
        step.run(Phase.ADVERSARIAL, i, i + 1, samples);
        seconds[i] = (System.nanoTime() - begin) / NANOS;
        System.out.printf(Locale.ROOT, "iteration %d %.3f s%n", i, seconds[i]);
      }
    }
    System.out.println(new ObjectMapper().writeValueAsString(result(seconds)));
    return Main.DONE;
  }

  private RunConfig config() {
    String domain =
        "{dataset: synthetic-target, split: val, width: %d, height: %d}".formatted(width, height);
    String yaml =
        """
        run: {name: bench-step}
        schedule: {phases: [{phase: adversarial, iterations: %d}]}
        output: {dir: unused}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        model: {layers: %s, base-width: %d, discriminator-width: %d}
        """
            .formatted(iterations, domain, domain, domain, layers, baseWidth, baseWidth);
    return ConfigLoader.load(yaml, "the options", List.of());
  }

  private Image image(int stream) {
    SplitMix64 random = new SplitMix64(stream);
    float[] chw = new float[Image.CHANNELS * height * width];
    for (int i = 0; i < chw.length; i++) {
      chw[i] = random.nextInt(256) - 128f;
    }
    return new Image(height, width, chw);
  }

  private LabelImage labels() {
    SplitMix64 random = new SplitMix64(0);
    byte[] labels = new byte[height * width];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) random.nextInt(classes);
    }
    return new LabelImage(height, width, labels);
  }

  private Map<String, Object> result(double[] seconds) throws IOException {
    double[] counted =
        seconds.length > 1 ? Arrays.copyOfRange(seconds, 1, seconds.length) : seconds.clone();
    Arrays.sort(counted);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("threads", System.getenv("OMP_NUM_THREADS"));
    result.put("width", width);
    result.put("height", height);
    result.put("layers", layers.stream().map(String::valueOf).collect(Collectors.joining(",")));
    result.put("median_s", median(counted));
    result.put("min_s", Arrays.stream(seconds).min().orElseThrow());
    result.put("peak_mb", peakMegabytes());
    return result;
  }

  private static double median(double[] sorted) {
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  /** Largest resident memory of this process so far, as Linux counts it. */
  private static long peakMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IllegalStateException("Cannot tell the peak memory: no VmHWM in /proc/self/status");
  }
}
