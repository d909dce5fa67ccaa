package org.adaptseg.cli.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.host.MostLikelyClasses;
import org.adaptseg.metrics.ConfusionMatrix;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times what follows the forward at evaluation. */
@Command(
    name = "evaluate",
    description =
        "Time upsampling, arg-max and counting of one image's random logits: a line per iteration"
            + " and, last, JSON.",
    mixinStandardHelpOptions = true)
final class BenchEvaluateCommand implements Callable<Integer> {
  @Option(
      names = "--width",
      defaultValue = "2048",
      description = "Pixels of the labels (${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--height",
      defaultValue = "1024",
      description = "Pixels of the labels (${DEFAULT-VALUE}).")
  private int height;

  @Option(
      names = "--map-width",
      defaultValue = "129",
      description =
          "Width of the logits; the default is that of an image of 1024 pixels (${DEFAULT-VALUE}).")
  private int mapWidth;

  @Option(
      names = "--map-height",
      defaultValue = "65",
      description =
          "Height of the logits; the default is that of an image of 512 pixels (${DEFAULT-VALUE}).")
  private int mapHeight;

  @Option(names = "--classes", defaultValue = "19", description = "Classes (${DEFAULT-VALUE}).")
  private int classes;

  @Option(
      names = "--iterations",
      defaultValue = "20",
      description = "Iterations; the first is not counted in the median (${DEFAULT-VALUE}).")
  private int iterations;

  @Override
  public Integer call() throws IOException {
    SplitMix64 random = new SplitMix64(1);
    float[] logits = new float[classes * mapHeight * mapWidth];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(1 << 16) / 4096f;
    }
    byte[] truth = new byte[height * width];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (byte) random.nextInt(classes);
    }
    MostLikelyClasses argmax =
        new MostLikelyClasses(classes, mapHeight, mapWidth, height, width, true);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("width", width);
    facts.put("height", height);
    facts.put("classes", classes);
    BenchSeries.run(
        iterations, facts, i -> new ConfusionMatrix(classes).add(truth, argmax.of(logits)));
    return CommandLine.ExitCode.OK;
  }
}
