package org.adaptseg.engine.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Versions of a library that a machine has, where the one that is needed is missing. */
final class OtherVersions {
  private static final Pattern MISSING = Pattern.compile("\\b(lib\\w+\\.so)\\.\\d+: cannot open");

  private OtherVersions() {}

  /** Where libraries of NVIDIA's usually are, besides the loader's own folders. */
  static List<Path> folders() {
    String path = System.getenv("LD_LIBRARY_PATH");
    Stream<String> named = path == null ? Stream.empty() : Pattern.compile(":").splitAsStream(path);
    Stream<String> usual =
        Stream.of(
            "/usr/local/cuda/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/opt/adaptseg/cuda");
    return Stream.concat(named, usual).filter(name -> !name.isEmpty()).map(Path::of).toList();
  }

  /**
   * A part of a message.
   *
   * @param message the loader's, which names the library
   * @param folders that are searched; those that are not there do not matter
   * @return empty if it names none
   */
  static String ofMissing(String message, List<Path> folders) {
    Matcher missing = MISSING.matcher(message);
    if (!missing.find()) {
      return "";
    }
    TreeSet<String> found = new TreeSet<>();
    for (Path folder : folders) {
      found.addAll(files(folder, missing.group(1)));
    }
    return found.isEmpty()
        ? "; no other version of it is there"
        : "; of other versions there are " + String.join(", ", found);
  }

  private static List<String> files(Path folder, String library) {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, library + ".*")) {
        files.forEach(file -> names.add(file.toString()));
      } catch (IOException e) {
        return List.of(); // a folder that cannot be read helps nobody
      }
    }
    return names;
  }
}
