package org.adaptseg.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The YAML files of a folder that the program ships, found where its classes are. */
public final class ShippedFiles {
  private static final String ENDING = ".yaml";

  private final String folder;
  private final List<String> names;
  private final Map<String, Object> bound = new ConcurrentHashMap<>();

  private ShippedFiles(String folder, List<String> names) {
    this.folder = folder;
    this.names = names;
  }

  /**
   * The files of a folder; they are looked for once, here.
   *
   * @param folder of the class path's root, for example {@code datasets}
   * @throws IllegalStateException if the program ships no such files
   */
  public static ShippedFiles in(String folder) {
    return in(folder, program(folder));
  }

  /** As {@link #in(String)}, of a program in that jar or directory. */
  static ShippedFiles in(String folder, Path program) {
    try {
      List<String> names =
          Files.isDirectory(program)
              ? ofDirectory(program.resolve(folder))
              : ofJar(program, folder);
      if (names.isEmpty()) {
        throw new IllegalStateException(
            "Cannot find what the program ships: expected YAML files in %s, found none (%s)"
                .formatted(folder, program));
      }
      return new ShippedFiles(folder, names);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the shipped " + folder + " in " + program, e);
    }
  }

  /** The directory that has the folder, or the program's jar, which need not list folders. */
  private static Path program(String folder) {
    URL directory = ShippedFiles.class.getResource("/" + folder);
    CodeSource source = ShippedFiles.class.getProtectionDomain().getCodeSource();
    URL jar = source == null ? null : source.getLocation();
    try {
      if (directory != null && directory.getProtocol().equals("file")) {
        return Path.of(directory.toURI()).getParent();
      }
      if (jar != null && jar.getProtocol().equals("file")) {
        return Path.of(jar.toURI());
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Cannot find the program's own files at " + jar, e);
    }
    throw new IllegalStateException(
        "Cannot find the program's own files: expected a local jar or directory, found " + jar);
  }

  private static List<String> ofDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return names(files.map(file -> file.getFileName().toString()));
    }
  }

  private static List<String> ofJar(Path jar, String folder) throws IOException {
    String prefix = folder + "/";
    try (JarFile file = new JarFile(jar.toFile())) {
      return names(
          file.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith(prefix))
              .map(name -> name.substring(prefix.length()))
              .filter(name -> name.indexOf('/') < 0));
    }
  }

  private static List<String> names(Stream<String> files) {
    return files
        .filter(name -> name.endsWith(ENDING))
        .map(name -> name.substring(0, name.length() - ENDING.length()))
        .sorted()
        .toList();
  }

  /** Names of the files without their ending, in alphabetical order. */
  public List<String> names() {
    return names;
  }

  /**
   * What the file of that name describes; it is read and bound once.
   *
   * @param name one of {@link #names}
   * @param type of immutable values; the same one for all files of the folder
   */
  public <T> T read(String name, Class<T> type) {
    return type.cast(bound.computeIfAbsent(name, n -> StrictYaml.read(read(n), n, type)));
  }

  /** The text of the file of that name, which must be one of {@link #names}. */
  public String read(String name) {
    String path = "/" + folder + "/" + name + ENDING;
    try (InputStream in = ShippedFiles.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("Cannot read the shipped " + path + ": it is not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the shipped " + path, e);
    }
  }
}
