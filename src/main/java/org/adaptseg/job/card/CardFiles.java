package org.adaptseg.job.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.weights.WeightFiles;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The card beside exported files of one network: {@value #JSON} for programs, {@value #PAGE} for
 * people. Several formats in a folder share it.
 */
public final class CardFiles {
  /** For programs. */
  public static final String JSON = "model.json";

  /** For people; the name under which Hugging Face shows it. */
  public static final String PAGE = "README.md";

  private static final int LARGEST = 1 << 24;

  private final Path file;
  private final ModelCard card;
  private final Configuration hadoop;
  private final Optional<ObjectNode> before;

  private CardFiles(Path file, ModelCard card, Configuration hadoop, Optional<ObjectNode> before) {
    this.file = file;
    this.card = card;
    this.hadoop = hadoop;
    this.before = before;
  }

  /**
   * Looks at what is there, before anything is written.
   *
   * @param file that is going to be exported
   * @param overwrite whether what is there may be replaced, whatever it is
   * @throws IOException if a card of another network is there, or a page that is not as it was
   *     written
   */
  public static CardFiles beside(Path file, ModelCard card, boolean overwrite, Configuration hadoop)
      throws IOException {
    if (overwrite) {
      return new CardFiles(file, card, hadoop, Optional.empty());
    }
    Path json = sibling(file, JSON);
    Path page = sibling(file, PAGE);
    Optional<byte[]> found = WholeFile.read(json, LARGEST, hadoop);
    Optional<ObjectNode> before = found.flatMap(CardFiles::parse);
    if (found.isPresent() && before.isEmpty()) {
      throw refused("a folder without another " + JSON, "one of another program", json);
    }
    if (before.isPresent()) {
      String ours = card.json().path(ModelCard.PARAMETERS).asText();
      if (!before.get().path(ModelCard.PARAMETERS).asText().equals(ours)) {
        throw refused(
            "a folder of its own for each network",
            "the card of another, iteration %s of %s"
                .formatted(before.get().path("iteration"), before.get().path("name").asText()),
            json);
      }
    }
    Optional<byte[]> text = WholeFile.read(page, LARGEST, hadoop);
    if (text.isPresent()
        && !before.map(b -> Arrays.equals(utf8(CardPage.of(b)), text.get())).orElse(false)) {
      throw refused("a folder without another " + PAGE, "one that somebody wrote", page);
    }
    return new CardFiles(file, card, hadoop, before);
  }

  private static IOException refused(String expected, String found, Path where) {
    return new IOException(
        "Cannot write the model's card: expected %s, found %s (%s); choose another folder, or let it be replaced by --overwrite, or export without a card by --no-card"
            .formatted(expected, found, where));
  }

  private static Optional<ObjectNode> parse(byte[] json) {
    try {
      JsonNode tree = Json.tree(new String(json, StandardCharsets.UTF_8));
      return tree instanceof ObjectNode object && object.has(ModelCard.PARAMETERS)
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes both, after the export.
   *
   * @param format of the exported file
   */
  public void write(String format) throws IOException {
    ObjectNode all = card.json().deepCopy();
    ArrayNode files = all.putArray("files");
    FileSystem store = file.getFileSystem(hadoop);
    if (before.isPresent()) {
      for (JsonNode other : before.get().path("files")) {
        String name = other.path("name").asText();
        if (!name.equals(file.getName()) && store.exists(sibling(file, name))) {
          files.add(other);
        }
      }
    }
    files
        .addObject()
        .put("name", file.getName())
        .put("format", format)
        .put("bytes", store.getFileStatus(file).getLen())
        .put("sha256", WeightFiles.sha256(file, hadoop));
    WholeFile.write(sibling(file, JSON), Json.indented(all), hadoop);
    WholeFile.write(sibling(file, PAGE), utf8(CardPage.of(all)), hadoop);
  }

  private static Path sibling(Path file, String name) {
    Path folder = file.getParent();
    return folder == null || folder.toString().isEmpty() ? new Path(name) : new Path(folder, name);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
