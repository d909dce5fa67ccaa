package org.adaptseg.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.adaptseg.config.Phase;
import org.adaptseg.train.Losses.LevelLosses;
import org.adaptseg.train.RoundReport;

/** Numbers of a run as a person reads them on a console. */
final class ProgressText {
  private static final double SECONDS_PER_MINUTE = 60;
  private static final double LARGE = 100;

  private ProgressText() {}

  /** For example {@code 7:05} or {@code 27:46:40}. */
  static String duration(double seconds) {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      return "?:??";
    }
    long whole = Math.round(seconds);
    long hours = whole / 3600;
    String minutes = hours > 0 ? "%d:%02d".formatted(hours, whole / 60 % 60) : "" + whole / 60;
    return "%s:%02d".formatted(minutes, whole % 60);
  }

  /** Iterations per second, or per minute if it is less than one a second. */
  static String rate(double perSecond) {
    if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
      return "? it/s";
    }
    return perSecond < 1
        ? text("%.1f it/min", perSecond * SECONDS_PER_MINUTE)
        : text("%.1f it/s", perSecond);
  }

  /**
   * Means over a round's iterations, each kind by level: {@code seg 0.412/1.203 adv 0.693/0.712 dis
   * 0.693/0.688 aux/main}; those that the phase computes.
   */
  static String losses(Phase phase, List<RoundReport.Iteration> losses) {
    List<String> parts = new ArrayList<>();
    parts.add("seg " + means(losses, LevelLosses::segmentation));
    if (phase == Phase.ADVERSARIAL) {
      parts.add("adv " + means(losses, LevelLosses::adversarial));
      parts.add("dis " + means(losses, LevelLosses::discriminator));
    }
    parts.add(String.join("/", byLevel(losses, LevelLosses::segmentation).keySet()));
    return String.join(" ", parts);
  }

  private static String means(
      List<RoundReport.Iteration> losses, ToDoubleFunction<LevelLosses> loss) {
    return String.join(
        "/", byLevel(losses, loss).values().stream().map(ProgressText::loss).toList());
  }

  private static Map<String, Double> byLevel(
      List<RoundReport.Iteration> losses, ToDoubleFunction<LevelLosses> loss) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (RoundReport.Iteration iteration : losses) {
      iteration
          .losses()
          .levels()
          .forEach(
              (level, of) ->
                  means.merge(level.name(), loss.applyAsDouble(of) / losses.size(), Double::sum));
    }
    return means;
  }

  private static String loss(double value) {
    return text(Math.abs(value) < LARGE ? "%.3f" : "%.3g", value);
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
