package org.adaptseg.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.RareClassSampling;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestRow;

/**
 * How often each class of a split is drawn, and which images have it (Hoyer et al., "DAFormer",
 * CVPR 2022, section 3.3). With f(c) the share of class c in the pixels of all classes, class c is
 * drawn with probability P(c) = exp((1 − f(c)) / T) / Σ exp((1 − f(c')) / T).
 *
 * @param classes those that are drawn; none where every image is drawn as often
 */
public record RareClasses(List<ClassImages> classes) implements Serializable {
  /** Every image as often. */
  public static final RareClasses NONE = new RareClasses(List.of());

  /** What is drawn less often would not be met in a run. */
  private static final double LEAST_PROBABILITY = 1e-9;

  /**
   * A class.
   *
   * @param name in the label space
   * @param probability P(c), relative to those of the other classes, above 0
   * @param images indices in the split of the images that have the class, at least one; not copied
   */
  public record ClassImages(String name, double probability, int[] images)
      implements Serializable {}

  /** Copies the list. */
  public RareClasses {
    classes = List.copyOf(classes);
  }

  /**
   * Counts the pixels of the images that a run uses.
   *
   * @param index the split's images, of the manifest
   * @param trainIds train id of every raw id that labels hold; those beyond the label space are
   *     ignored
   */
  public static RareClasses of(
      FileIndex index,
      Manifest manifest,
      Map<Integer, Integer> trainIds,
      LabelSpace space,
      RareClassSampling sampling) {
    Map<String, Map<Integer, Long>> histograms = new HashMap<>();
    for (ManifestRow row : manifest.rows()) {
      histograms.put(row.image(), row.histogram());
    }
    long[] pixels = new long[space.size()];
    List<List<Integer>> images = new ArrayList<>();
    for (int c = 0; c < space.size(); c++) {
      images.add(new ArrayList<>());
    }
    for (int i = 0; i < index.entries().size(); i++) {
      long[] of = new long[space.size()];
      histograms
          .get(index.entries().get(i).image())
          .forEach(
              (raw, count) -> {
                int id = trainIds.getOrDefault(raw, LabelSpace.IGNORE);
                if (id < of.length) {
                  of[id] += count;
                }
              });
      for (int c = 0; c < of.length; c++) {
        pixels[c] += of[c];
        if (of[c] >= sampling.leastPixels()) {
          images.get(c).add(i);
        }
      }
    }
    return drawn(probabilities(pixels, sampling.temperature()), images, space);
  }

  private static RareClasses drawn(
      double[] probabilities, List<List<Integer>> images, LabelSpace space) {
    List<ClassImages> classes = new ArrayList<>();
    for (int c = 0; c < probabilities.length; c++) {
      if (!images.get(c).isEmpty() && probabilities[c] >= LEAST_PROBABILITY) {
        int[] of = images.get(c).stream().mapToInt(Integer::intValue).toArray();
        classes.add(new ClassImages(space.names().get(c), probabilities[c], of));
      }
    }
    return new RareClasses(classes);
  }

  /**
   * P of classes that have pixels, and 0 of the others: none of their images could be drawn.
   *
   * @param pixels of each class
   * @param temperature T, above 0
   */
  static double[] probabilities(long[] pixels, double temperature) {
    double all = Arrays.stream(pixels).sum();
    // The largest exponent is taken off, so that none is too large.
    double rarest =
        Arrays.stream(pixels).filter(n -> n > 0).mapToDouble(n -> 1 - n / all).max().orElse(0);
    double[] p = new double[pixels.length];
    for (int c = 0; c < p.length; c++) {
      p[c] = pixels[c] == 0 ? 0 : Math.exp((1 - pixels[c] / all - rarest) / temperature);
    }
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(value -> sum == 0 ? 0 : value / sum).toArray();
  }

  /** Whether every image is drawn as often. */
  public boolean isNone() {
    return classes.isEmpty();
  }

  /** The classes with what share of the samples is drawn for each, the most frequent first. */
  public String describe() {
    double sum = classes.stream().mapToDouble(ClassImages::probability).sum();
    return classes.stream()
        .sorted((a, b) -> Double.compare(b.probability(), a.probability()))
        .map(
            c ->
                String.format(
                    Locale.ROOT,
                    "%s %.2g %% (%d images)",
                    c.name(),
                    100 * c.probability() / sum,
                    c.images().length))
        .collect(Collectors.joining(", "));
  }
}
