package org.adaptseg.data.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.store.LeftOut;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of a split, listed once where the run starts and shipped to the workers, which never
 * list. Sorted by image path, so that an index means the same sample everywhere.
 *
 * @param dataset the dataset's name
 * @param root the dataset's directory, a path or URI of any Hadoop file system
 * @param labelled whether every entry's label file is known to exist
 * @param entries at least one
 * @param leftOut what a listing did not take; nothing where a manifest was read
 */
public record FileIndex(
    String dataset, String root, boolean labelled, List<Entry> entries, LeftOut leftOut)
    implements Serializable {
  /** An index that was not listed. */
  public FileIndex(String dataset, String root, boolean labelled, List<Entry> entries) {
    this(dataset, root, labelled, entries, LeftOut.NOTHING);
  }

  /**
   * One sample.
   *
   * @param image path relative to the root
   * @param label path relative to the root; empty if the index is not labelled
   * @param imageBytes length as listed; {@link SplitListing#NO_FILE} if it is unknown
   * @param labelBytes length as listed; {@link SplitListing#NO_FILE} if it is unknown
   * @param imageSha256 what the file must be, in hexadecimal; empty if it has only been listed
   * @param labelSha256 what the file must be, in hexadecimal; empty if it has only been listed
   */
  public record Entry(
      String image,
      String label,
      long imageBytes,
      long labelBytes,
      String imageSha256,
      String labelSha256)
      implements Serializable {
    /** Files that have been listed and not read. */
    public Entry(String image, String label, long imageBytes, long labelBytes) {
      this(image, label, imageBytes, labelBytes, "", "");
    }
  }

  public FileIndex {
    entries = List.copyOf(entries);
  }

  /**
   * Says that a file is not the one that a manifest was made of.
   *
   * @param expected SHA-256 of the manifest, in hexadecimal
   * @param found SHA-256 of the file, in hexadecimal
   */
  public static String changed(String expected, String found, String file) {
    return "expected the file that ingest read (SHA-256 %s), found another (%s): make the manifest anew with ingest --overwrite if the change is wanted (%s)"
        .formatted(expected, found, file);
  }

  /**
   * Lists a split; see {@link SplitListing}.
   *
   * @param split a split that the description defines
   * @param labelled whether labels are needed; a split listed without cannot give any
   * @throws DatasetException with all problems: no root, no images, images without label, empty
   *     files
   */
  public static FileIndex list(
      DatasetDescription.Files description,
      String root,
      String split,
      boolean labelled,
      Configuration configuration)
      throws DatasetException {
    SplitListing listing = SplitListing.of(description, root, split, labelled, configuration);
    List<String> problems = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (SplitListing.Item item : listing.items()) {
      // A label too many costs nothing.
      if (!item.image().isEmpty()) {
        item.problems().forEach(problem -> problems.add(problem.text()));
        entries.add(new Entry(item.image(), item.label(), item.imageBytes(), item.labelBytes()));
      }
    }
    if (!problems.isEmpty()) {
      throw new DatasetException("split " + split + " of dataset " + description.name(), problems);
    }
    return new FileIndex(description.name(), root, labelled, entries, listing.leftOut());
  }
}
