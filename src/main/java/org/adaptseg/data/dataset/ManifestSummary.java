package org.adaptseg.data.dataset;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.data.dataset.SampleProblem.Kind;

/**
 * A manifest in a few numbers.
 *
 * @param images number of images
 * @param labels number of label files
 * @param bytes of all files
 * @param meanWidth of the images whose size is known, in pixels; NaN if there are none
 * @param meanHeight of the images whose size is known, in pixels; NaN if there are none
 * @param sizes number of images of each size, {@code 1914x1052}
 * @param problems number of problems of each kind that occurs
 * @param bad number of samples with problems
 * @param pixels label pixels of each class, {@code ignore} and {@code unknown} included
 */
public record ManifestSummary(
    int images,
    int labels,
    long bytes,
    double meanWidth,
    double meanHeight,
    Map<String, Integer> sizes,
    Map<Kind, Integer> problems,
    int bad,
    Map<String, Long> pixels) {
  /** What raw ids that the label map does not know are counted as. */
  public static final String UNKNOWN = "unknown";

  /**
   * Sums a manifest up.
   *
   * @param classOf the class of a raw id; ids that are not keys are counted as {@value #UNKNOWN}
   */
  public static ManifestSummary of(Manifest manifest, Map<Integer, String> classOf) {
    int images = 0;
    int labels = 0;
    long bytes = 0;
    long sized = 0;
    long width = 0;
    long height = 0;
    Map<String, Integer> sizes = new TreeMap<>();
    Map<Kind, Integer> problems = new EnumMap<>(Kind.class);
    Map<String, Long> pixels = new LinkedHashMap<>();
    classOf.values().forEach(name -> pixels.putIfAbsent(name, 0L));
    for (ManifestRow row : manifest.rows()) {
      images += row.image().isEmpty() ? 0 : 1;
      labels += row.labelBytes() == SplitListing.NO_FILE ? 0 : 1;
      bytes += Math.max(0, row.imageBytes()) + Math.max(0, row.labelBytes());
      if (row.width() > 0) {
        sized++;
        width += row.width();
        height += row.height();
        sizes.merge(row.width() + "x" + row.height(), 1, Integer::sum);
      }
      row.problems().forEach(problem -> problems.merge(problem.kind(), 1, Integer::sum));
      row.histogram()
          .forEach(
              (id, count) -> pixels.merge(classOf.getOrDefault(id, UNKNOWN), count, Long::sum));
    }
    return new ManifestSummary(
        images,
        labels,
        bytes,
        sized == 0 ? Double.NaN : (double) width / sized,
        sized == 0 ? Double.NaN : (double) height / sized,
        sizes,
        problems,
        manifest.bad(),
        pixels);
  }
}
