package org.adaptseg.data.dataset;

import java.io.Serializable;
import java.util.Locale;

/**
 * What is wrong with one sample of a dataset.
 *
 * @param kind which rule it breaks
 * @param text expected, found, where
 */
public record SampleProblem(Kind kind, String text) implements Serializable {
  /** The rules that a sample can break. */
  public enum Kind {
    /** A label file whose image is missing. */
    NO_IMAGE(true),
    /** An image whose label file is missing. */
    NO_LABEL(true),
    /** An image whose label file another image has too. */
    SHARED_LABEL(true),
    /** An image file that is empty, damaged or no image. */
    UNDECODABLE_IMAGE(false),
    /** A label file that is empty, damaged or no image. */
    UNDECODABLE_LABEL(true),
    /** An image with more pixels than are decoded. */
    TOO_LARGE_IMAGE(false),
    /** A label file with more pixels than are decoded. */
    TOO_LARGE_LABEL(true),
    /** A label value that the label map does not know. */
    UNKNOWN_LABEL_VALUE(true),
    /** A label file of colours where values were expected, or of colours that the table lacks. */
    LABEL_COLOURS(true),
    /** Image and label of different sizes, but of one shape. */
    SIZE_MISMATCH(true),
    /** Image and label of different shapes: the label is not one of this image. */
    SHAPE_MISMATCH(true),
    /** An image with the same bytes as another. */
    DUPLICATE(false);

    private final boolean ofLabel;

    Kind(boolean ofLabel) {
      this.ofLabel = ofLabel;
    }

    /** Whether only a use that reads labels is concerned. */
    public boolean ofLabel() {
      return ofLabel;
    }

    /** For example {@code no-label}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
