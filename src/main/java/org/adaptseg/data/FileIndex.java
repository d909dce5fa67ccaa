package org.adaptseg.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.DatasetDescription;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a split, listed once where the run starts and shipped to the workers, which never
 * list. Sorted by image path, so that an index means the same sample everywhere.
 *
 * @param dataset the dataset's name
 * @param root the dataset's directory, a path or URI of any Hadoop file system
 * @param labelled whether every entry's label file is known to exist
 * @param entries at least one
 */
public record FileIndex(String dataset, String root, boolean labelled, List<Entry> entries)
    implements Serializable {
  /** In the root of a dataset that is still being written, or never was finished. */
  static final String INCOMPLETE = "_INCOMPLETE";

  /**
   * One sample.
   *
   * @param image path relative to the root
   * @param label path relative to the root; empty if the index is not labelled
   */
  public record Entry(String image, String label) implements Serializable {}

  public FileIndex {
    entries = List.copyOf(entries);
  }

  /**
   * Lists a split and pairs images with labels, one listing per directory.
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
    String what = "split " + split + " of dataset " + description.name();
    List<String> problems = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    try {
      Path base = new Path(root);
      FileSystem files = base.getFileSystem(configuration);
      base = files.makeQualified(base);
      if (!isDirectory(files, base)) {
        problems.add("expected the directory of the dataset, found none (" + root + ")");
      } else if (files.exists(new Path(base, INCOMPLETE))) {
        problems.add(
            "expected a finished dataset, found the mark "
                + INCOMPLETE
                + " of one that is not ("
                + root
                + ")");
      } else {
        new Lister(description, files, base, problems)
            .list(description.splits().get(split), labelled, entries);
      }
    } catch (IOException | IllegalArgumentException e) {
      problems.add("expected a readable directory, found " + e + " (" + root + ")");
    }
    if (!problems.isEmpty()) {
      throw new DatasetException(what, problems);
    }
    return new FileIndex(description.name(), root, labelled, entries);
  }

  private static boolean isDirectory(FileSystem files, Path path) throws IOException {
    try {
      return files.getFileStatus(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** One listing in progress. */
  private record Lister(
      DatasetDescription.Files description, FileSystem files, Path base, List<String> problems) {

    void list(String glob, boolean labelled, List<Entry> entries) throws IOException {
      // A root may hold characters that globs interpret; only the pattern below it is one.
      String escaped = base.toString().replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
      FileStatus[] found = files.globStatus(new Path(escaped + "/" + glob));
      Map<String, Long> images = new HashMap<>();
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        if (status.isFile()) {
          images.put(relative(status.getPath()), status.getLen());
        }
      }
      if (images.isEmpty()) {
        problems.add("expected images " + glob + ", found none (" + base + ")");
      }
      Map<String, Map<String, Long>> folders = new HashMap<>();
      Map<String, String> imageOf = new HashMap<>();
      List<String> sorted = images.keySet().stream().sorted(Comparator.naturalOrder()).toList();
      for (String image : sorted) {
        notEmpty(image, images.get(image));
        String label = labelled ? description.labelOf(image) : "";
        if (labelled) {
          Long length = lengthOf(label, folders);
          String other = imageOf.put(label, image);
          if (other != null) {
            problems.add("expected one image of a label, found " + other + " too (" + image + ")");
          }
          if (length == null) {
            problems.add("expected the label file " + label + ", found none (" + image + ")");
          } else {
            notEmpty(label, length);
          }
        }
        entries.add(new Entry(image, label));
      }
    }

    private void notEmpty(String path, long length) {
      if (length == 0) {
        problems.add("expected an image, found an empty file (" + path + ")");
      }
    }

    private Long lengthOf(String path, Map<String, Map<String, Long>> folders) throws IOException {
      int slash = path.lastIndexOf('/');
      String folder = slash < 0 ? "" : path.substring(0, slash);
      Map<String, Long> names = folders.get(folder);
      if (names == null) {
        names = new HashMap<>();
        Path directory = folder.isEmpty() ? base : new Path(base, folder);
        if (isDirectory(files, directory)) {
          for (FileStatus status : files.listStatus(directory)) {
            if (status.isFile()) {
              names.put(status.getPath().getName(), status.getLen());
            }
          }
        }
        folders.put(folder, names);
      }
      return names.get(path.substring(slash + 1));
    }

    private String relative(Path path) {
      String parent = base.toUri().getPath();
      int skip = parent.endsWith("/") ? parent.length() : parent.length() + 1;
      return files.makeQualified(path).toUri().getPath().substring(skip);
    }
  }
}
