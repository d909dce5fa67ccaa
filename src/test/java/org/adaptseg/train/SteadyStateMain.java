package org.adaptseg.train;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.testing.RandomSamples;
import org.adaptseg.testing.TinyRun;

/** Iterates, and prints by how much memory grew from the warmed-up state on, in bytes. */
final class SteadyStateMain {
  static final int WIDTH = 384;
  static final int HEIGHT = 192;
  static final int ITERATIONS = 30;
  private static final int WARM_UP = 15;

  private SteadyStateMain() {}

  public static void main(String[] precision) throws IOException {
    RunConfig config =
        TinyRun.config(
            "data.source.width=" + WIDTH,
            "data.source.height=" + HEIGHT,
            "data.target.width=" + WIDTH,
            "data.target.height=" + HEIGHT,
            "model.base-width=16",
            "model.discriminator-width=16",
            "cluster.precision=" + precision[0]);
    try (Networks networks = new Networks(config, TinyRun.CLASSES)) {
      networks.initialize(1);
      AdaptationStep step = new AdaptationStep(networks, config);
      RandomSamples random = new RandomSamples(HEIGHT, WIDTH, TinyRun.CLASSES);
      var source = random.source();
      var target = random.target();
      AdaptationStep.Samples samples =
          new AdaptationStep.Samples() {
            @Override
            public org.adaptseg.data.Sample.Labelled source() {
              return source;
            }

            @Override
            public org.adaptseg.data.Sample.Unlabelled target() {
              return target;
            }
          };
      long resident = 0;
      long heap = 0;
      for (int i = 0; i < WARM_UP + ITERATIONS; i++) {
        if (i == WARM_UP) {
          resident = resident();
          heap = allocated();
        }
        step.run(Phase.ADVERSARIAL, i, i + 1, samples);
      }
      System.out.println("resident " + (resident() - resident));
      System.out.println("heap " + (allocated() - heap));
    }
  }

  /** Bytes of this process that are in memory. */
  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IllegalStateException("Cannot tell resident memory: no VmRSS in /proc/self/status");
  }

  /** Bytes of Java objects that this thread has made. */
  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
