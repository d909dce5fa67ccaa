package org.adaptseg.report.tensorboard;

import java.util.List;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.train.LearnerState;

/** Makes pictures of what a state's networks see in a few images, always the same ones. */
@FunctionalInterface
public interface StatePictures {
  /**
   * Pictures of the state after {@code iteration} iterations.
   *
   * @param state not to be written to
   * @throws RuntimeException if they cannot be made; the run continues without them
   */
  List<GalleryEntry> of(long iteration, LearnerState state);
}
