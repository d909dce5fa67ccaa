package org.adaptseg.report.html;

import java.util.List;
import java.util.Optional;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.report.gallery.GalleryEntry;

/**
 * Everything that a report says of one run.
 *
 * @param config the effective configuration
 * @param classes its label space
 * @param facts versions and numbers of images; none for a run that recorded none
 * @param history losses and scores
 * @param gallery pictures; may be empty
 */
public record ReportedRun(
    RunConfig config,
    LabelSpace classes,
    Optional<RunFacts> facts,
    RunHistory history,
    List<GalleryEntry> gallery) {
  /** Copies the pictures. */
  public ReportedRun {
    gallery = List.copyOf(gallery);
  }

  /** The run's name. */
  public String name() {
    return config.run().name();
  }

  /** Whether no phase sees target images; the run that others are compared with. */
  public boolean isSourceOnly() {
    return config.schedule().isSourceOnly();
  }
}
