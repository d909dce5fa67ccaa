package org.adaptseg.data.store;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.data.store.LeftOut.Kind;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A folder's files and folders by name, without what systems and tools leave there, and without
 * what cannot be read under its name.
 *
 * @param files by name, in its order
 * @param folders names in their order
 * @param leftOut what else is there: kind by name
 */
public record FolderListing(
    Map<String, FileStatus> files, List<String> folders, Map<String, Kind> leftOut) {
  /** Of Synology, QNAP, macOS, Windows, Hadoop and file systems; in any case of letters. */
  private static final Set<String> SYSTEM =
      Set.of(
          "@eadir",
          "#recycle",
          "#snapshot",
          "@tmp",
          "@recycle",
          "@recently-snapshot",
          "__macosx",
          "network trash folder",
          "temporary items",
          "$recycle.bin",
          "recycler",
          "system volume information",
          "lost+found",
          "_temporary",
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini");

  /** A path below a folder, whatever characters it has: Hadoop takes a colon for a scheme's. */
  public static Path child(Path folder, String relative) {
    String above = folder.toString();
    return new Path(above.endsWith("/") ? above + relative : above + "/" + relative);
  }

  /**
   * The file system that opens a file: the local one looks for checksums beside it by a name that
   * Hadoop cannot write where there is a colon in it.
   */
  public static FileSystem reader(FileSystem store, Path file) {
    return store instanceof LocalFileSystem local && hasNoChecksum(file)
        ? local.getRawFileSystem()
        : store;
  }

  static boolean hasNoChecksum(Path file) {
    return file.getName().contains(":");
  }

  /** Whether no sample is of that name: hidden, or of a system. */
  public static boolean isHidden(String name) {
    return name.startsWith(".") || SYSTEM.contains(Names.lower(name));
  }

  /**
   * Lists a folder; one that is not there is empty.
   *
   * @param folder qualified by its file system
   */
  public static FolderListing of(FileSystem store, Path folder) throws IOException {
    Map<String, FileStatus> files = new TreeMap<>();
    List<String> folders = new ArrayList<>();
    Map<String, Kind> leftOut = new TreeMap<>();
    FileStatus[] found;
    try {
      found = store.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FolderListing(files, folders, leftOut);
    }
    File local = local(store, folder);
    Set<String> names = new HashSet<>();
    for (FileStatus status : found) {
      String name = status.getPath().getName();
      names.add(name);
      if (isHidden(name)) {
        leftOut.put(name, Kind.HIDDEN);
      } else if (!status.isDirectory() && !isRegular(local, name)) {
        leftOut.put(name, Kind.SPECIAL);
      } else if (!status.isDirectory()) {
        files.put(name, status);
      } else if (local != null && isLoop(local, name)) {
        leftOut.put(name, Kind.LOOP);
      } else {
        folders.add(name);
      }
    }
    folders.sort(Comparator.naturalOrder());
    if (local != null) {
      unlisted(local, names, leftOut);
    }
    return new FolderListing(files, folders, leftOut);
  }

  private static File local(FileSystem store, Path folder) {
    return store instanceof LocalFileSystem || store instanceof RawLocalFileSystem
        ? new File(folder.toUri().getPath())
        : null;
  }

  /** A pipe without a writer would keep its reader for ever. */
  private static boolean isRegular(File folder, String name) {
    return folder == null || new File(folder, name).isFile();
  }

  private static boolean isLoop(File folder, String name) throws IOException {
    try {
      java.nio.file.Path path = folder.toPath().resolve(name);
      return Files.isSymbolicLink(path)
          && folder.toPath().toRealPath().startsWith(path.toRealPath());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Hadoop leaves out in silence what has no status: links to nothing, names of other encodings.
   */
  private static void unlisted(File folder, Set<String> listed, Map<String, Kind> leftOut) {
    String[] names = folder.list();
    for (String name : names == null ? new String[0] : names) {
      if (!listed.contains(name) && !isChecksum(name)) {
        leftOut.put(name, isHidden(name) ? Kind.HIDDEN : isLink(folder, name));
      }
    }
  }

  private static boolean isChecksum(String name) {
    return name.startsWith(".") && name.endsWith(".crc");
  }

  private static Kind isLink(File folder, String name) {
    try {
      return Files.isSymbolicLink(folder.toPath().resolve(name))
          ? Kind.BROKEN_LINK
          : Kind.UNREADABLE_NAME;
    } catch (InvalidPathException e) {
      return Kind.UNREADABLE_NAME;
    }
  }

  /** Adds what was left out to what was left out elsewhere. */
  public void collect(String above, LeftOut.Collector collector) {
    leftOut.forEach((name, kind) -> collector.add(kind, above + name));
  }

  /** The names of one kind that were left out. */
  public List<String> leftOut(Kind... kinds) {
    return leftOut.entrySet().stream()
        .filter(entry -> Arrays.asList(kinds).contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
