package org.adaptseg.report.progress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.adaptseg.config.Level;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;

/** Numbers of a run as a person reads them on a console. */
final class ProgressText {
  private static final double SECONDS_PER_MINUTE = 60;
  private static final double LARGE = 100;
  private static final int SHORT = 3;

  private ProgressText() {}

  /** For example {@code 7:05} or {@code 27:46:40}. */
  static String duration(double seconds) {
    if (!(seconds >= 0) || Double.isInfinite(seconds)) {
      return "?:??";
    }
    long whole = Math.round(seconds);
    long hours = whole / 3600;
    String minutes =
        hours > 0 ? String.format(Locale.ROOT, "%d:%02d", hours, whole / 60 % 60) : "" + whole / 60;
    return String.format(Locale.ROOT, "%s:%02d", minutes, whole % 60);
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
   * Means over a round's iterations, each term by level: {@code seg 0.412/1.203 adv 0.693/0.712 dis
   * 0.693/0.688 aux/main}; a dash stands for a level without that term.
   */
  static String losses(List<RoundReport.Iteration> losses) {
    Map<String, Map<Level, Double>> terms =
        Losses.mean(losses.stream().map(RoundReport.Iteration::losses).toList()).terms();
    Set<Level> levels = new LinkedHashSet<>();
    terms.values().forEach(of -> levels.addAll(of.keySet()));
    List<String> parts = new ArrayList<>();
    terms.forEach(
        (term, of) ->
            parts.add(
                shortened(term, terms.keySet())
                    + " "
                    + levels.stream()
                        .map(level -> of.containsKey(level) ? loss(of.get(level)) : "-")
                        .collect(Collectors.joining("/"))));
    parts.add(levels.stream().map(Level::name).collect(Collectors.joining("/")));
    return String.join(" ", parts);
  }

  /**
   * How far apart the workers were, the generator before the discriminators: {@code , apart G 0.41
   * D 0.93/0.88}; nothing where it is not known.
   */
  static String divergence(Map<String, Double> divergence) {
    if (divergence.isEmpty()) {
      return "";
    }
    Map<String, List<String>> parts = new LinkedHashMap<>();
    divergence.forEach(
        (name, value) ->
            parts
                .computeIfAbsent(
                    name.substring(0, 1).toUpperCase(Locale.ROOT), n -> new ArrayList<>())
                .add(text("%.2f", value)));
    return parts.entrySet().stream()
        .map(part -> part.getKey() + " " + String.join("/", part.getValue()))
        .collect(Collectors.joining(" ", ", apart ", ""));
  }

  /** The first letters of a term, three or as many as tell it from the others. */
  private static String shortened(String term, Set<String> all) {
    int length = SHORT;
    while (length < term.length() && beginWith(all, term.substring(0, length)) > 1) {
      length++;
    }
    return term.substring(0, Math.min(length, term.length()));
  }

  private static long beginWith(Set<String> all, String beginning) {
    return all.stream().filter(other -> other.startsWith(beginning)).count();
  }

  private static String loss(double value) {
    return text(Math.abs(value) < LARGE ? "%.3f" : "%.3g", value);
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
