package org.adaptseg.cli;

import java.util.List;
import org.adaptseg.cli.SizeConverter.Size;
import org.adaptseg.train.inference.Views;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how images are looked at. */
final class ViewOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--flip",
      description = "Look at mirrored images, too, and average the probabilities: twice the time.")
  private boolean flip;

  @Option(
      names = "--scales",
      split = ",",
      paramLabel = "SCALE",
      defaultValue = "1",
      description =
          "Look at images at several scales, for example 0.75,1,1.25, and average the"
              + " probabilities; 1 is the size in data.evaluation (${DEFAULT-VALUE}).")
  private List<Double> scales;

  @Option(
      names = "--window",
      paramLabel = "WxH",
      converter = SizeConverter.class,
      description =
          "Look at images through windows of at most so many pixels, which bound the memory of the"
              + " network whatever an image's size; where they overlap, probabilities are averaged"
              + " with weights that fall towards a window's edge.")
  private Size window;

  @Option(
      names = "--stride",
      paramLabel = "WxH",
      converter = SizeConverter.class,
      description = "How far apart windows begin; default: two thirds of the window.")
  private Size stride;

  @Option(
      names = "--own-size",
      description =
          "Look at every image at its own size (times --scales), not at that of data.evaluation.")
  private boolean ownSize;

  /**
   * How images are looked at.
   *
   * @throws ParameterException if the options do not go together
   */
  Views views() {
    try {
      if (window == null) {
        if (stride != null) {
          throw new IllegalArgumentException(
              "Cannot look through windows: expected --window with --stride, found --stride alone");
        }
        return new Views(scales, flip, null, ownSize);
      }
      Size step =
          stride != null ? stride : new Size(thirds(window.width()), thirds(window.height()));
      return new Views(
          scales,
          flip,
          new Views.Window(window.width(), window.height(), step.width(), step.height()),
          ownSize);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private static int thirds(int side) {
    return Math.max(1, Math.round(2 * side / 3f));
  }
}
