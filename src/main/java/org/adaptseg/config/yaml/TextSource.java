package org.adaptseg.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the text of a YAML file comes from, given its path; a run may read a Hadoop one. */
@FunctionalInterface
public interface TextSource {
  /** Local files. */
  TextSource LOCAL =
      path -> {
        try (InputStream in = Files.newInputStream(Path.of(path))) {
          return decode(in);
        }
      };

  /** The text of the file. */
  String read(String path) throws IOException;

  /** UTF-8 text of at most a little more than what {@link StrictYaml} accepts. */
  static String decode(InputStream in) throws IOException {
    // One byte more than the bound of characters can hold, so that too much is seen as such.
    return new String(in.readNBytes(4 * YamlReader.MAX_CHARACTERS + 1), StandardCharsets.UTF_8);
  }
}
