package org.adaptseg.data.dataset;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.adaptseg.config.data.DatasetDescription;

/**
 * What the labels that were read hold together: labels can be well formed and mean nothing.
 *
 * @param pixels of every raw id
 * @param files label files that were read
 */
public record LabelCensus(Map<Integer, Long> pixels, int files) {
  private static final int SHOWN_IDS = 10;
  private static final int WHITE = 255;

  public LabelCensus {
    pixels = Collections.unmodifiableMap(new TreeMap<>(pixels));
  }

  /** The sum of inspected samples; those without a label that could be read count nothing. */
  public static LabelCensus of(Collection<ManifestRow> rows) {
    Map<Integer, Long> pixels = new TreeMap<>();
    int files = 0;
    for (ManifestRow row : rows) {
      files += row.histogram().isEmpty() ? 0 : 1;
      row.histogram().forEach((id, count) -> pixels.merge(id, count, Long::sum));
    }
    return new LabelCensus(pixels, files);
  }

  /**
   * What is wrong with the labels as a whole.
   *
   * @param classOf class, or {@value DatasetDescription#IGNORE}, of every raw id that is allowed
   * @return a line if every pixel of every file is ignored
   */
  public Optional<String> problem(Map<Integer, String> classOf) {
    if (files == 0 || present(classOf).stream().anyMatch(LabelCensus::isClass)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            ("expected labels with pixels of classes, found only ignored ones in all %d labels that"
                + " were read (%s)"),
            files,
            ids()));
  }

  /**
   * Whether these are masks of black and white whose white is ignored, so that nothing but the
   * first class is left of them: well formed, and hardly ever meant.
   *
   * @param classOf class, or {@value DatasetDescription#IGNORE}, of every raw id that is allowed
   */
  public boolean losesWhite(DatasetDescription.Files description, Map<Integer, String> classOf) {
    return isMask() && ignoresWhite(classOf) && !absent(description, classOf).isEmpty();
  }

  /**
   * A line for the classes that no label has, with the likely cause.
   *
   * @param classOf class, or {@value DatasetDescription#IGNORE}, of every raw id that is allowed
   */
  public List<String> notes(DatasetDescription.Files description, Map<Integer, String> classOf) {
    Set<String> absent = absent(description, classOf);
    if (files == 0 || absent.isEmpty()) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "no pixel of %s %s in the %d labels that were read (%s)%s",
            absent.size() == 1 ? "class" : "classes",
            String.join(", ", absent),
            files,
            ids(),
            cause(description, classOf)));
  }

  /** Classes without a pixel that the description does not say to be lacking. */
  private Set<String> absent(DatasetDescription.Files description, Map<Integer, String> classOf) {
    Set<String> absent = new LinkedHashSet<>(classOf.values());
    absent.removeIf(name -> !isClass(name));
    absent.removeAll(present(classOf));
    absent.removeAll(description.lacks());
    return absent;
  }

  private boolean isMask() {
    return pixels.keySet().equals(Set.of(0, WHITE));
  }

  private static boolean ignoresWhite(Map<Integer, String> classOf) {
    return DatasetDescription.IGNORE.equals(classOf.get(WHITE));
  }

  private Set<String> present(Map<Integer, String> classOf) {
    return pixels.keySet().stream()
        .map(id -> classOf.getOrDefault(id, DatasetDescription.IGNORE))
        .collect(Collectors.toSet());
  }

  private static boolean isClass(String name) {
    return !name.equals(DatasetDescription.IGNORE);
  }

  private String cause(DatasetDescription.Files description, Map<Integer, String> classOf) {
    if (pixels.containsKey(WHITE) && ignoresWhite(classOf)) {
      return "; %s, and 255 is ignored: if it stands for a class, a label-map in the dataset's"
              .formatted(isMask() ? "these are masks of 0 and 255" : "255 is among them")
          + " description says for which";
    }
    int last =
        classOf.keySet().stream().filter(id -> id < WHITE).mapToInt(id -> id).max().orElse(0);
    if (description.holdsTrainIds() && !pixels.containsKey(0) && pixels.containsKey(last)) {
      return "; train ids begin at 0, and 0 is not among them";
    }
    return "; a class that the dataset never has belongs under 'lacks' in its description";
  }

  private String ids() {
    String shown =
        pixels.keySet().stream()
            .limit(SHOWN_IDS)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    int more = pixels.size() - SHOWN_IDS;
    return "values found: " + shown + (more > 0 ? " and " + more + " more" : "");
  }
}
