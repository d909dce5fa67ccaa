package org.adaptseg.report.gallery;

import java.io.Serializable;
import java.util.List;

/**
 * One image of the evaluation split and what a run's network makes of it; all pictures have one
 * size.
 *
 * @param id names the image in its split
 * @param image the image
 * @param truth its labels
 * @param prediction the main level's most likely classes
 * @param accuracy fraction of the labelled pixels whose class is predicted, 0 to 1, at the size of
 *     the pictures; NaN if no pixel is labelled
 * @param entropy one map per level
 */
public record GalleryEntry(
    String id,
    Picture image,
    Picture truth,
    Picture prediction,
    double accuracy,
    List<LevelMap> entropy)
    implements Serializable {

  /**
   * How undecided a level is about every pixel.
   *
   * @param level {@code aux} or {@code main}
   * @param map entropy of the softmax relative to its largest value, dark 0 to light 1
   * @param mean of the map, 0 to 1
   */
  public record LevelMap(String level, Picture map, double mean) implements Serializable {}

  /** Copies the list. */
  public GalleryEntry {
    entropy = List.copyOf(entropy);
  }
}
