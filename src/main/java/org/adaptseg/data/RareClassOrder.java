package org.adaptseg.data;

import java.util.Arrays;
import java.util.List;
import org.adaptseg.data.MixedOrder.Part;
import org.adaptseg.data.random.SplitMix64;

/**
 * The order in which a run sees the images of a split that are drawn by their classes. Classes take
 * turns as splits do in a {@link MixedOrder}, each with its probability as its weight, and the
 * images of a class are gone through epoch by epoch. So workers, which take positions of their own,
 * never draw an image for the same turn of a class.
 */
final class RareClassOrder {
  private static final long CLASSES = -2;

  private final MixedOrder order;
  private final int[] images;

  /**
   * @param classes at least one
   */
  RareClassOrder(long seed, RareClasses classes) {
    List<Part> parts =
        classes.classes().stream().map(c -> new Part(c.images().length, c.probability())).toList();
    this.order = new MixedOrder(SplitMix64.hash(seed, CLASSES), parts);
    this.images = classes.classes().stream().flatMapToInt(c -> Arrays.stream(c.images())).toArray();
  }

  /** The index in the split of the image at a position of at least 0. */
  int index(long position) {
    return images[order.index(position)];
  }
}
