package org.adaptseg.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the text of a YAML file comes from, given its path; a run may read a Hadoop one. */
@FunctionalInterface
public interface TextSource {
  /** Local files. */
  TextSource LOCAL = new LocalFiles();

  /** The text of the file. */
  String read(String path) throws IOException;

  /**
   * Where a relative path leads from a folder.
   *
   * @param folder of the file that the path stands in
   * @return a path or URI of something that is there; empty if nothing is
   */
  default Optional<String> find(String folder, String relative) throws IOException {
    return Optional.empty();
  }

  /**
   * A relative path of something that is there from where the program runs, as one that means the
   * same wherever the configuration is saved; any other path as it is.
   */
  default String fixed(String path) {
    return path;
  }

  /** UTF-8 text of at most a little more than what {@link StrictYaml} accepts. */
  static String decode(InputStream in) throws IOException {
    // One byte more than the bound of characters can hold, so that too much is seen as such.
    return Texts.decode(in.readNBytes(4 * YamlReader.MAX_CHARACTERS + 1));
  }

  /** Files of this machine. */
  final class LocalFiles implements TextSource {
    private LocalFiles() {}

    @Override
    public String read(String path) throws IOException {
      try (InputStream in = Files.newInputStream(Path.of(path))) {
        return decode(in);
      }
    }

    @Override
    public String fixed(String path) {
      return Locations.isRelative(path) ? find("", path).orElse(path) : path;
    }

    /** An absolute path: the configuration may be saved elsewhere. */
    @Override
    public Optional<String> find(String folder, String relative) {
      try {
        Path path = Path.of(folder, relative).toAbsolutePath().normalize();
        return Files.exists(path) ? Optional.of(path.toString()) : Optional.empty();
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }
  }
}
