package org.adaptseg.data;

import java.io.Closeable;
import java.io.IOException;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;

/**
 * A fixed, ordered list of samples. Index i means the same image to every worker. All methods may
 * be called from several threads at once.
 */
public interface Split extends Closeable {
  /** Number of samples, at least 1. */
  int size();

  /** Name of the sample at {@code index}, 0..size-1. */
  String id(int index);

  /** Image and labels at the split's configured size. */
  Sample.Labelled labelled(int index) throws IOException;

  /** The image alone at the split's configured size; labels are not even read. */
  Sample.Unlabelled unlabelled(int index) throws IOException;

  /** The pixels of the image at the size they are stored in. */
  RgbImage pixels(int index) throws IOException;

  /** The labels at the size they are stored in: what scores are counted at. */
  LabelImage originalLabels(int index) throws IOException;

  /**
   * Says that a sample will be read soon: what takes time without computing may begin. A hint,
   * which changes no result, neither waits nor fails; failures are reported where the sample is
   * read.
   *
   * @param labelled whether by {@link #labelled}, rather than by {@link #unlabelled}
   */
  default void announce(int index, boolean labelled) {}

  @Override
  void close() throws IOException;
}
