package org.adaptseg.data.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.yaml.Locations;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.data.dataset.SampleProblem.Kind;
import org.adaptseg.data.store.LeftOut;
import org.adaptseg.data.store.ShownText;
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
 * @param leftOut what is in the images' folders and is no image of the split
 */
public record SplitListing(
    String dataset, String split, String root, boolean labelled, List<Item> items, LeftOut leftOut)
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
        SplitFolders folders = new SplitFolders(files, base);
        List<Item> items = new Lister(description, folders).list(Glob.of(glob), labelled);
        LeftOut leftOut = folders.leftOut();
        if (!items.isEmpty()) {
          return new SplitListing(
              description.name(), split, base.toString(), labelled, items, leftOut);
        }
        problem =
            "expected images %s, found none%s (%s)"
                .formatted(glob, leftOut.isEmpty() ? "" : "; " + leftOut.describe(), base);
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
    private final SplitFolders folders;

    /** Names of a folder as they would be if all systems wrote them in one way. */
    private final Map<String, Map<String, String>> alike = new HashMap<>();

    Lister(DatasetDescription.Files description, SplitFolders folders) {
      this.description = description;
      this.folders = folders;
    }

    List<Item> list(Glob glob, boolean labelled) throws IOException {
      List<Item> items = new ArrayList<>();
      Map<String, String> imageOf = new HashMap<>();
      Set<String> listed = new TreeSet<>();
      for (Map.Entry<String, Long> image : folders.images(glob).entrySet()) {
        items.add(
            labelled
                ? labelled(image.getKey(), image.getValue(), imageOf, listed)
                : new Item(
                    image.getKey(),
                    "",
                    image.getValue(),
                    NO_FILE,
                    empty(Kind.UNDECODABLE_IMAGE, image.getKey(), image.getValue())));
      }
      for (String folder : listed) {
        for (Map.Entry<String, FileStatus> file : folders.listing(folder).files().entrySet()) {
          String label = SplitFolders.below(folder, file.getKey());
          if (!imageOf.containsKey(label)
              && description.imagesOf(label).stream().anyMatch(glob::matches)) {
            items.add(orphan(label, file.getValue().getLen()));
          }
        }
      }
      return items;
    }

    private static Item orphan(String label, long length) {
      return new Item(
          "",
          label,
          NO_FILE,
          length,
          List.of(
              new SampleProblem(
                  Kind.NO_IMAGE, "expected an image, found none (" + ShownText.of(label) + ")")));
    }

    private Item labelled(
        String image, long imageBytes, Map<String, String> imageOf, Set<String> listed)
        throws IOException {
      List<SampleProblem> problems =
          new ArrayList<>(empty(Kind.UNDECODABLE_IMAGE, image, imageBytes));
      String wanted;
      try {
        wanted = description.labelOf(image);
      } catch (IllegalArgumentException e) {
        problems.add(new SampleProblem(Kind.NO_LABEL, ShownText.of(e.getMessage())));
        return new Item(image, "", imageBytes, NO_FILE, problems);
      }
      listed.add(folderOf(wanted));
      String label = find(wanted);
      String other = imageOf.put(label, image);
      if (other != null) {
        problems.add(
            new SampleProblem(
                Kind.SHARED_LABEL,
                "expected one image of a label, found "
                    + ShownText.of(other)
                    + " too ("
                    + ShownText.of(image)
                    + ")"));
      }
      FileStatus status = folders.listing(folderOf(label)).files().get(nameOf(label));
      if (status == null) {
        problems.add(
            new SampleProblem(
                Kind.NO_LABEL,
                "expected the label file "
                    + ShownText.of(label)
                    + ", found none ("
                    + ShownText.of(image)
                    + ")"));
        return new Item(image, label, imageBytes, NO_FILE, problems);
      }
      folders.take(label);
      problems.addAll(empty(Kind.UNDECODABLE_LABEL, label, status.getLen()));
      return new Item(image, label, imageBytes, status.getLen(), problems);
    }

    private static List<SampleProblem> empty(Kind kind, String path, long length) {
      return length != 0
          ? List.of()
          : List.of(
              new SampleProblem(
                  kind, "expected an image, found an empty file (" + ShownText.of(path) + ")"));
    }

    /** The label of that name or, if there is none, of one that a system wrote another way. */
    private String find(String label) throws IOException {
      String folder = folderOf(label);
      Map<String, FileStatus> files = folders.listing(folder).files();
      if (files.containsKey(nameOf(label))) {
        return label;
      }
      Map<String, String> names = alike.get(folder);
      if (names == null) {
        names = new HashMap<>();
        for (String name : files.keySet()) {
          names.putIfAbsent(alike(name), name);
        }
        alike.put(folder, names);
      }
      String name = names.get(alike(nameOf(label)));
      return name == null ? label : SplitFolders.below(folder, name);
    }

    /** macOS takes letters and their accents apart; some programs write endings in capitals. */
    private static String alike(String name) {
      String whole = Normalizer.normalize(name, Normalizer.Form.NFC);
      int dot = whole.lastIndexOf('.');
      return dot < 0 ? whole : whole.substring(0, dot) + Names.lower(whole.substring(dot));
    }

    private static String folderOf(String path) {
      return Locations.folderOf(path);
    }

    private static String nameOf(String path) {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }
}
