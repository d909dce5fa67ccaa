package org.adaptseg.data;

import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;

/**
 * What a step sees of one image. An adversarial step takes its target images as {@link Unlabelled},
 * which cannot carry labels: that no target label is ever used is a matter of types.
 */
public sealed interface Sample {
  /** Names the sample in messages; unique within its split. */
  String id();

  /** The network's input. */
  Image image();

  /** An image with labels of the same height and width. */
  record Labelled(String id, Image image, LabelImage labels) implements Sample {
    public Labelled {
      if (image.height() != labels.height() || image.width() != labels.width()) {
        throw new IllegalArgumentException(
            "Cannot form a sample: expected labels of "
                + image.width()
                + "x"
                + image.height()
                + ", found "
                + labels.width()
                + "x"
                + labels.height()
                + " ("
                + id
                + ")");
      }
    }
  }

  /** An image alone. */
  record Unlabelled(String id, Image image) implements Sample {}
}
