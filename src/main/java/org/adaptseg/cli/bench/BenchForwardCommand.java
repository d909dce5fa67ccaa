package org.adaptseg.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.adaptseg.data.image.Image;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.training.Segmenter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Times the network's forward as evaluation and prediction run it. */
@Command(
    name = "forward",
    description =
        "Time the generator's forward at evaluation on a random image, image to main logits: a line"
            + " per iteration and, last, JSON.",
    mixinStandardHelpOptions = true)
final class BenchForwardCommand implements Callable<Integer> {
  private static final List<Integer> HEAD_RATES = List.of(6, 12);

  @Mixin private BenchNetworkOptions options;

  @Override
  public Integer call() throws IOException {
    Image image = options.image(1);
    var architecture =
        new GeneratorArchitecture(options.layers, options.baseWidth, options.classes, HEAD_RATES);
    try (Segmenter segmenter = new Segmenter(architecture, 1, options.arithmetic())) {
      BenchSeries.run(options.iterations, options.facts(), i -> segmenter.logits(image));
    }
    return CommandLine.ExitCode.OK;
  }
}
