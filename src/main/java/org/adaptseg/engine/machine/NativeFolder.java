package org.adaptseg.engine.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The folder that native libraries are unpacked to: the one that was set, else that of JavaCPP in
 * the home directory, else, where that cannot be written to, one of this user below the folder for
 * temporary files.
 */
final class NativeFolder {
  private static final String SETTING = "org.bytedeco.javacpp.cachedir";

  private final Path path;
  private final List<String> mounts;

  NativeFolder(Path path, List<String> mounts) {
    this.path = path.toAbsolutePath();
    this.mounts = mounts;
  }

  /** Chooses it and sets it for this process, before JavaCPP is loaded. */
  static NativeFolder choose() {
    String set = System.getProperty(SETTING);
    Path path;
    if (set != null) {
      path = Path.of(set);
    } else {
      path =
          choose(
              Path.of(System.getProperty("user.home", "")),
              Path.of(System.getProperty("java.io.tmpdir")));
      System.setProperty(SETTING, path.toString());
    }
    return new NativeFolder(path, mounts());
  }

  /** As JavaCPP's own choice, but for a home that is none, and for folders of others. */
  static Path choose(Path home, Path temporary) {
    Path usual = home.resolve(".javacpp").resolve("cache");
    // A number of a user without an entry has the home "?".
    if (home.isAbsolute() && canWrite(usual)) {
      return usual;
    }
    Path own = temporary.resolve("adaptseg-javacpp-" + user());
    try {
      if (!Files.exists(own)) {
        Files.createDirectories(temporary);
        Files.createDirectory(
            own,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      // Anybody may have made a folder of this name; what is in it would be executed.
      if (!Files.isSymbolicLink(own) && user().equals(owner(own))) {
        return own;
      }
      return Files.createTempDirectory(temporary, "adaptseg-javacpp-");
    } catch (IOException | UnsupportedOperationException e) {
      return own; // loading fails, with a message that names it
    }
  }

  private static boolean canWrite(Path folder) {
    try {
      Files.createDirectories(folder);
      return Files.isWritable(folder);
    } catch (IOException e) {
      return false;
    }
  }

  private static String user() {
    try {
      return owner(Path.of("/proc/self"));
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "unknown");
    }
  }

  private static String owner(Path path) throws IOException {
    return String.valueOf(Files.getAttribute(path, "unix:uid"));
  }

  private static List<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whether it is on a file system that is mounted {@code noexec}. */
  boolean forbidsExecution() {
    String options = "";
    int longest = -1;
    for (String line : mounts) {
      // device, place, type, options; a blank in a place is written \040
      String[] words = line.split(" ");
      Path place = words.length < 4 ? null : Path.of(words[1].replace("\\040", " "));
      if (place != null && path.startsWith(place) && place.getNameCount() >= longest) {
        longest = place.getNameCount();
        options = words[3];
      }
    }
    return List.of(options.split(",")).contains("noexec");
  }

  /** Whether there is no room for so many bytes. */
  boolean isFull(long needed) {
    try {
      Path existing = path;
      while (existing != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      return existing != null && Files.getFileStore(existing).getUsableSpace() < needed;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
