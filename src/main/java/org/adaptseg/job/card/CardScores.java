package org.adaptseg.job.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.adaptseg.config.yaml.Texts;
import org.adaptseg.data.store.BoundedBytes;
import org.adaptseg.data.store.Json;
import org.adaptseg.job.BestOnTarget;
import org.adaptseg.job.ScoresListener;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The scores of a network, with what they say of themselves.
 *
 * @param json files of scores without their confusion matrices
 * @param note why there are none, for a person; empty if there are some
 */
public record CardScores(ArrayNode json, String note) {
  private static final int LARGEST = 1 << 24;

  /**
   * Those of a run at a checkpoint, and those of other files.
   *
   * @param run the run directory
   * @param checkpoint a directory that was named; null for the run's newest
   * @param iteration the checkpoint's
   * @param classes the network's
   * @param files further ones, of {@code evaluate --json}
   * @throws IOException also if a further one is of another iteration or other classes
   */
  public static CardScores of(
      Path run,
      String checkpoint,
      long iteration,
      List<String> classes,
      List<String> files,
      Configuration hadoop)
      throws IOException {
    ArrayNode all = Json.object().arrayNode();
    Path own = new Path(run, isBest(checkpoint) ? BestOnTarget.SCORES : ScoresListener.NAME);
    Optional<JsonNode> found = read(own, hadoop);
    String note = "The run has no scores of this network.";
    if (found.isPresent()) {
      Optional<String> other = other(found.get(), iteration, classes);
      if (other.isEmpty()) {
        all.add(shown(found.get()));
      } else {
        note = "The run's scores are of another network: expected " + other.get() + ".";
      }
    }
    for (String file : files) {
      JsonNode scores =
          read(new Path(file), hadoop)
              .orElseThrow(
                  () ->
                      new IOException(
                          "Cannot put scores into the card: expected a file of evaluate --json,"
                              + " found none (%s)".formatted(file)));
      Optional<String> other = other(scores, iteration, classes);
      if (other.isPresent()) {
        throw new IOException(
            "Cannot put scores into the card: expected %s (%s)".formatted(other.get(), file));
      }
      all.add(shown(scores));
    }
    return new CardScores(all, all.isEmpty() ? note : "");
  }

  private static boolean isBest(String checkpoint) {
    if (checkpoint == null) {
      return false;
    }
    Path path = new Path(checkpoint);
    return path.getName().equals(BestOnTarget.DIRECTORY)
        || path.getParent() != null && path.getParent().getName().equals(BestOnTarget.DIRECTORY);
  }

  private static Optional<JsonNode> read(Path file, Configuration hadoop) throws IOException {
    byte[] json;
    try (InputStream in = file.getFileSystem(hadoop).open(file)) {
      json = BoundedBytes.read(in, LARGEST, file.toString());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    JsonNode scores;
    try {
      scores = Json.tree(Texts.decode(json));
    } catch (JsonProcessingException e) {
      throw new IOException(
          "Cannot put scores into the card: expected JSON, found %s (%s)"
              .formatted(Json.problem(e), file),
          e);
    }
    if (!scores.path("classes").isArray() || !scores.path("iou").isArray()) {
      throw new IOException(
          "Cannot put scores into the card: expected scores of evaluate --json, found something"
              + " else (%s)".formatted(file));
    }
    return Optional.of(scores);
  }

  /** In what scores are not those of a network; empty if they are. */
  private static Optional<String> other(JsonNode scores, long iteration, List<String> classes) {
    long found = scores.path("iteration").asLong();
    if (found != iteration) {
      return Optional.of(
          String.format(
              Locale.ROOT, "scores of iteration %d, found those of %d", iteration, found));
    }
    List<String> names = new ArrayList<>();
    scores.get("classes").forEach(name -> names.add(name.asText()));
    return names.equals(classes)
        ? Optional.empty()
        : Optional.of("scores of the classes %s, found %s".formatted(classes, names));
  }

  private static JsonNode shown(JsonNode scores) {
    ObjectNode copy = scores.deepCopy();
    copy.remove("confusion");
    return copy;
  }
}
