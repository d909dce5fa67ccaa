package org.adaptseg.data.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.LeftOut;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Looks for a split's images, listing every folder once. */
final class SplitFolders {
  private final FileSystem store;
  private final Path base;
  private final Map<String, FolderListing> listings = new TreeMap<>();
  private final Map<String, Long> images = new TreeMap<>();
  private final Set<String> searched = new HashSet<>();
  private final Set<String> taken = new HashSet<>();

  SplitFolders(FileSystem store, Path base) {
    this.store = store;
    this.base = base;
  }

  /** Length of every image by its path relative to the root, in the order of the paths. */
  Map<String, Long> images(Glob glob) throws IOException {
    for (List<Glob.Name> names : glob.alternatives()) {
      search("", names);
    }
    return images;
  }

  /** What is in the folders that were searched and is none of the split's. */
  LeftOut leftOut() {
    LeftOut.Collector collector = new LeftOut.Collector();
    listings.forEach(
        (folder, listing) -> {
          if (searched.contains(folder)) {
            listing.collect(below(folder, ""), collector);
            for (String name : listing.files().keySet()) {
              if (!taken.contains(below(folder, name))) {
                collector.add(LeftOut.Kind.OTHER, below(folder, name));
              }
            }
            for (String name : listing.folders()) {
              if (!taken.contains(below(folder, name))) {
                collector.add(LeftOut.Kind.FOLDER, below(folder, name) + "/");
              }
            }
          }
        });
    return collector.result();
  }

  /** Says that a file is of the split. */
  void take(String path) {
    taken.add(path);
  }

  /** The listing of a folder of the dataset. */
  FolderListing listing(String folder) throws IOException {
    FolderListing listing = listings.get(folder);
    if (listing == null) {
      listing =
          FolderListing.of(store, folder.isEmpty() ? base : FolderListing.child(base, folder));
      listings.put(folder, listing);
    }
    return listing;
  }

  private void search(String folder, List<Glob.Name> names) throws IOException {
    Glob.Name first = names.get(0);
    List<Glob.Name> rest = names.subList(1, names.size());
    if (!first.isPattern()) {
      String path = below(folder, first.text());
      if (!rest.isEmpty()) {
        taken.add(path);
        search(path, rest);
      } else {
        file(path);
      }
      return;
    }
    searched.add(folder);
    FolderListing listing = listing(folder);
    if (!rest.isEmpty()) {
      for (String name : listing.folders()) {
        if (first.matches(name)) {
          taken.add(below(folder, name));
          search(below(folder, name), rest);
        }
      }
      return;
    }
    listing
        .files()
        .forEach(
            (name, status) -> {
              if (first.matches(name)) {
                taken.add(below(folder, name));
                images.put(below(folder, name), status.getLen());
              }
            });
  }

  private void file(String path) throws IOException {
    try {
      FileStatus status = store.getFileStatus(FolderListing.child(base, path));
      if (status.isFile()) {
        taken.add(path);
        images.put(path, status.getLen());
      }
    } catch (FileNotFoundException e) {
      // Then there is no such image; that there is none at all is said.
    }
  }

  static String below(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }
}
