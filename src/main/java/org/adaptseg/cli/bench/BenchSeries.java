package org.adaptseg.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import org.adaptseg.data.store.Json;
import org.adaptseg.engine.machine.NativeThreads;

/**
 * Times one thing several times: a line per iteration and, last, a JSON object with median, minimum
 * and the process's peak memory.
 */
final class BenchSeries {
  private static final double NANOS = 1e9;

  private BenchSeries() {}

  /**
   * @param facts what the JSON says besides the times
   * @param iteration what is timed, given its number; the first does not count in the median
   */
  static void run(int iterations, Map<String, ?> facts, IntConsumer iteration) throws IOException {
    double[] seconds = new double[iterations];
    for (int i = 0; i < iterations; i++) {
      long begin = System.nanoTime();
      iteration.accept(i);
      seconds[i] = (System.nanoTime() - begin) / NANOS;
      System.out.printf(Locale.ROOT, "iteration %d %.4f s%n", i, seconds[i]);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("threads", NativeThreads.count());
    result.putAll(facts);
    result.put("median_s", median(seconds));
    result.put("min_s", Arrays.stream(seconds).min().orElseThrow());
    result.put("peak_mb", peakMegabytes());
    System.out.println(Json.line(result));
  }

  private static double median(double[] seconds) {
    double[] sorted =
        seconds.length > 1 ? Arrays.copyOfRange(seconds, 1, seconds.length) : seconds.clone();
    Arrays.sort(sorted);
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
    throw new IllegalStateException(
        "Cannot measure peak memory: expected VmHWM in /proc/self/status, found none");
  }
}
