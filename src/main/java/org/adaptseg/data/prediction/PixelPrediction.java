package org.adaptseg.data.prediction;

import java.util.List;
import org.adaptseg.data.image.LabelImage;

/**
 * What a network says of the pixels of an image. What was not asked for is null, or an empty list.
 *
 * @param classes the most likely classes
 * @param probability of these, 0..1, row by row, NaN in rows that were not asked for; not copied
 * @param entropy of the probabilities over log C, 0..1, row by row; not copied
 * @param halves probabilities of classes that were asked for, a plane each, row by row, as {@link
 *     HalfFloat}s whose lower byte is first; not copied
 */
public record PixelPrediction(
    LabelImage classes, float[] probability, float[] entropy, List<byte[]> halves) {
  public PixelPrediction {
    halves = List.copyOf(halves);
  }
}
