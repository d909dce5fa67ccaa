package org.adaptseg.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.data.dataset.ManifestSummary;
import org.adaptseg.data.dataset.SampleProblem;
import org.adaptseg.data.store.ShownText;

/** A manifest as text for a terminal. */
public final class ManifestTable {
  private static final int SHOWN_PROBLEMS = 50;
  private static final int SHOWN_SIZES = 5;
  private static final double MEBI = 1 << 20;

  private ManifestTable() {}

  /** Counts, problems and the class histogram, with a line for each of the first problems. */
  public static String of(Manifest manifest, ManifestSummary summary) {
    StringBuilder text = new StringBuilder();
    line(text, "dataset", manifest.dataset() + ", split " + manifest.split());
    line(text, "root", manifest.root());
    line(
        text,
        "files",
        String.format(
            Locale.ROOT,
            "%d images, %s, %.1f MiB",
            summary.images(),
            manifest.labelled() ? summary.labels() + " labels" : "labels not looked for",
            summary.bytes() / MEBI));
    line(text, "size", sizes(summary));
    line(text, "problems", problems(summary));
    long all = summary.pixels().values().stream().mapToLong(Long::longValue).sum();
    if (all > 0) {
      text.append('\n');
      text.append(String.format(Locale.ROOT, "%-16s %18s %9s%n", "class", "pixels", "share"));
      summary
          .pixels()
          .forEach(
              (name, pixels) ->
                  text.append(
                      String.format(
                          Locale.ROOT,
                          "%-16s %18d %7.3f %%%n",
                          name,
                          pixels,
                          100.0 * pixels / all)));
    }
    listed(text, manifest);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-16s %s%n", name, value));
  }

  private static String sizes(ManifestSummary summary) {
    if (summary.sizes().isEmpty()) {
      return "not known";
    }
    List<String> most =
        summary.sizes().entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(SHOWN_SIZES)
            .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
            .toList();
    int others = summary.sizes().size() - most.size();
    return String.format(
        Locale.ROOT,
        "mean %.1fx%.1f; %s%s",
        summary.meanWidth(),
        summary.meanHeight(),
        String.join(", ", most),
        others > 0 ? " and " + others + " other sizes" : "");
  }

  private static String problems(ManifestSummary summary) {
    if (summary.bad() == 0) {
      return "none";
    }
    List<String> kinds =
        summary.problems().entrySet().stream()
            .map(entry -> entry.getKey().key() + " " + entry.getValue())
            .toList();
    return summary.bad() + " samples: " + String.join(", ", kinds);
  }

  private static void listed(StringBuilder text, Manifest manifest) {
    int shown = 0;
    int more = 0;
    for (ManifestRow row : manifest.rows()) {
      for (SampleProblem problem : row.problems()) {
        if (shown == SHOWN_PROBLEMS) {
          more++;
          continue;
        }
        text.append(shown++ == 0 ? "\n" : "");
        text.append(problem.kind().key())
            .append(": ")
            .append(ShownText.of(problem.text()))
            .append('\n');
      }
    }
    if (more > 0) {
      text.append("and ").append(more).append(" more, all of them in the manifest\n");
    }
  }
}
