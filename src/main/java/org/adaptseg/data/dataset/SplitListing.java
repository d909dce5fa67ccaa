package org.adaptseg.data.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.dataset.SampleProblem.Kind;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a split as they stand, with what a listing shows to be wrong with them.
 *
 * @param dataset the dataset's name
 * @param split the split's name
 * @param root the dataset's directory with the file system's scheme
 * @param labelled whether label files were looked for
 * @param items sorted by image path; label files without image come last
 */
public record SplitListing(
    String dataset, String split, String root, boolean labelled, List<Item> items)
    implements Serializable {
  /** In the root of a dataset that is still being written, or never was finished. */
  public static final String INCOMPLETE = "_INCOMPLETE";

  /** The length of a file that is not there, or was not looked for. */
  public static final long NO_FILE = -1;

  /**
   * One sample.
   *
   * @param image path relative to the root; empty for a label without image
   * @param label path relative to the root; empty if the split is not labelled
   * @param imageBytes length, or {@link #NO_FILE}
   * @param labelBytes length, or {@link #NO_FILE}
   * @param problems what is wrong with it
   */
  public record Item(
      String image, String label, long imageBytes, long labelBytes, List<SampleProblem> problems)
      implements Serializable {
    public Item {
      problems = List.copyOf(problems);
    }
  }

  public SplitListing {
    items = List.copyOf(items);
  }

  /**
   * Lists a split and pairs images with labels, one listing per directory.
   *
   * @param split a split that the description defines
   * @param labelled whether labels are needed
   * @throws DatasetException if there is nothing to list: no root, an unfinished one, no images
   */
  public static SplitListing of(
      DatasetDescription.Files description,
      String root,
      String split,
      boolean labelled,
      Configuration configuration)
      throws DatasetException {
    String glob = description.splits().get(split);
    String problem;
    try {
      Path given = new Path(root);
      FileSystem files = given.getFileSystem(configuration);
      Path base = files.makeQualified(given);
      if (glob == null) {
        problem = "expected one of the splits " + String.join(", ", description.splitNames());
      } else if (!isDirectory(files, base)) {
        problem = "expected the directory of the dataset, found none (" + root + ")";
      } else if (files.exists(new Path(base, INCOMPLETE))) {
        problem =
            "expected a finished dataset, found the mark "
                + INCOMPLETE
                + " of one that is not ("
                + root
                + ")";
      } else {
        List<Item> items = new Lister(description, files, base).list(glob, labelled);
        if (!items.isEmpty()) {
          return new SplitListing(description.name(), split, base.toString(), labelled, items);
        }
        problem = "expected images " + glob + ", found none (" + base + ")";
      }
    } catch (IOException | IllegalArgumentException e) {
      problem = "expected a readable directory, found " + e + " (" + root + ")";
    }
    throw new DatasetException(
        "split " + split + " of dataset " + description.name(), List.of(problem));
  }

  private static boolean isDirectory(FileSystem files, Path path) throws IOException {
    try {
      return files.getFileStatus(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** One listing in progress. */
  private static final class Lister {
    private final DatasetDescription.Files description;
    private final FileSystem files;
    private final Path base;
    private final Map<String, Map<String, Long>> folders = new HashMap<>();

    Lister(DatasetDescription.Files description, FileSystem files, Path base) {
      this.description = description;
      this.files = files;
      this.base = base;
    }

    List<Item> list(String glob, boolean labelled) throws IOException {
      // A root may hold characters that globs interpret; only the pattern below it is one.
      String escaped = base.toString().replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
      FileStatus[] found = files.globStatus(new Path(escaped + "/" + glob));
      Map<String, Long> images = new TreeMap<>();
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        if (status.isFile()) {
          images.put(relative(status.getPath()), status.getLen());
        }
      }
      List<Item> items = new ArrayList<>();
      Map<String, String> imageOf = new HashMap<>();
      for (Map.Entry<String, Long> image : images.entrySet()) {
        items.add(
            labelled
                ? labelled(image.getKey(), image.getValue(), imageOf)
                : new Item(
                    image.getKey(),
                    "",
                    image.getValue(),
                    NO_FILE,
                    empty(Kind.UNDECODABLE_IMAGE, image.getKey(), image.getValue())));
      }
      for (String orphan : orphans(glob, imageOf.keySet())) {
        items.add(
            new Item(
                "",
                orphan,
                NO_FILE,
                lengthOf(orphan),
                List.of(
                    new SampleProblem(
                        Kind.NO_IMAGE, "expected an image, found none (" + orphan + ")"))));
      }
      return items;
    }

    private Item labelled(String image, long imageBytes, Map<String, String> imageOf)
        throws IOException {
      List<SampleProblem> problems =
          new ArrayList<>(empty(Kind.UNDECODABLE_IMAGE, image, imageBytes));
      String label;
      try {
        label = description.labelOf(image);
      } catch (IllegalArgumentException e) {
        problems.add(new SampleProblem(Kind.NO_LABEL, e.getMessage()));
        return new Item(image, "", imageBytes, NO_FILE, problems);
      }
      String other = imageOf.put(label, image);
      if (other != null) {
        problems.add(
            new SampleProblem(
                Kind.SHARED_LABEL,
                "expected one image of a label, found " + other + " too (" + image + ")"));
      }
      Long length = lengthOf(label);
      if (length == null) {
        problems.add(
            new SampleProblem(
                Kind.NO_LABEL,
                "expected the label file " + label + ", found none (" + image + ")"));
        return new Item(image, label, imageBytes, NO_FILE, problems);
      }
      problems.addAll(empty(Kind.UNDECODABLE_LABEL, label, length));
      return new Item(image, label, imageBytes, length, problems);
    }

    private static List<SampleProblem> empty(Kind kind, String path, long length) {
      return length != 0
          ? List.of()
          : List.of(
              new SampleProblem(kind, "expected an image, found an empty file (" + path + ")"));
    }

    /** Label files of this split, in the folders that were listed, that no image has. */
    private Set<String> orphans(String glob, Set<String> known) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      Set<String> orphans = new TreeSet<>();
      folders.forEach(
          (folder, names) -> {
            for (String name : names.keySet()) {
              String label = folder.isEmpty() ? name : folder + "/" + name;
              if (!known.contains(label)
                  && description.imagesOf(label).stream().anyMatch(i -> matches(matcher, i))) {
                orphans.add(label);
              }
            }
          });
      return orphans;
    }

    private static boolean matches(PathMatcher matcher, String path) {
      try {
        return matcher.matches(java.nio.file.Path.of(path));
      } catch (InvalidPathException e) {
        return false;
      }
    }

    private Long lengthOf(String path) throws IOException {
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
