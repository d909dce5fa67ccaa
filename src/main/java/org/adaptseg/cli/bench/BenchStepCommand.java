package org.adaptseg.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.Sample;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.engine.machine.NativeThreads;
import org.adaptseg.train.AdaptationStep;
import org.adaptseg.train.Networks;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times whole iterations of a phase on random images. */
@Command(
    name = "step",
    description =
        "Time whole iterations on random images: a line per iteration and, last, JSON with the losses of the last one.",
    mixinStandardHelpOptions = true)
final class BenchStepCommand implements Callable<Integer> {
  @Mixin private BenchNetworkOptions options;

  @Option(
      names = "--phase",
      defaultValue = "adversarial",
      description = "Phase of the schedule that the iterations are of (${DEFAULT-VALUE}).")
  private String phase;

  @Option(
      names = "--discriminator-input",
      defaultValue = "softmax",
      description = "What discriminators see: softmax or self-information (${DEFAULT-VALUE}).")
  private String discriminatorInput;

  @Option(
      names = "--batch-size",
      defaultValue = "1",
      description = "Images of a forward pass (${DEFAULT-VALUE}).")
  private int batchSize;

  @Override
  public Integer call() throws IOException {
    RunConfig config = config();
    Sample.Labelled source = new Sample.Labelled("source", options.image(1), labels());
    Sample.Unlabelled target = new Sample.Unlabelled("target", options.image(2));
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
    try (Networks networks = new Networks(config, options.classes)) {
      networks.initialize(1);
      AdaptationStep step = new AdaptationStep(networks, config);
      Map<String, Object> facts = options.facts();
      facts.put("phase", phase);
      facts.put("discriminator_input", discriminatorInput);
      facts.put("batch_size", batchSize);
      BenchSeries.run(
          options.iterations,
          facts,
          i ->
              facts.put(
                  "losses",
                  step.run(config.schedule().phases().get(0).phase(), i, i + 1, samples).terms()));
    }
    return CommandLine.ExitCode.OK;
  }

  private RunConfig config() {
    String domain =
        String.format(
            Locale.ROOT,
            "{dataset: synthetic-target, split: val, width: %d, height: %d}",
            options.width,
            options.height);
    String yaml =
        String.format(
            Locale.ROOT,
            """
        run: {name: bench-step}
        schedule: {phases: [{phase: %s, iterations: %d}]}
        output: {dir: unused}
        data: {classes: synthetic-8, source: %s, target: %s, evaluation: %s}
        model: {layers: %s, base-width: %d, discriminator-width: %d}
        loss: {discriminator-input: %s}
        cluster: {precision: %s, engine: %s, threads-per-worker: %d}
        optimizer: {batch-size: %d}
        """,
            phase,
            options.iterations,
            domain,
            domain,
            domain,
            options.layers,
            options.baseWidth,
            options.baseWidth,
            discriminatorInput.equals("self-information")
                ? "weighted-self-information"
                : discriminatorInput,
            options.precision.key(),
            options.engine.key(),
            NativeThreads.count(),
            batchSize);
    return ConfigLoader.load(yaml, "the options", List.of());
  }

  private LabelImage labels() {
    SplitMix64 random = new SplitMix64(0);
    byte[] labels = new byte[options.height * options.width];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) random.nextInt(options.classes);
    }
    return new LabelImage(options.height, options.width, labels);
  }
}
