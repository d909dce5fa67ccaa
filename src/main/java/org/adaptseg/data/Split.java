package org.adaptseg.data;

import java.io.Closeable;
import java.io.IOException;

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

  /** The labels at the size they are stored in: what scores are counted at. */
  LabelImage originalLabels(int index) throws IOException;

  @Override
  void close() throws IOException;
}
