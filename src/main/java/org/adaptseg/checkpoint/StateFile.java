package org.adaptseg.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.adaptseg.config.Phase;
import org.adaptseg.data.store.Json;

/**
 * The contents of {@code state.json}.
 *
 * @param format version of this record, {@value #FORMAT}
 * @param phase a {@link Phase} in kebab case
 */
record StateFile(
    int format,
    long iteration,
    String phase,
    long discriminatorSteps,
    String network,
    long seed,
    String configuration,
    List<String> classes,
    TreeMap<String, String> inputs,
    TreeMap<String, String> versions,
    List<VectorEntry> vectors) {

  static final String NAME = "state.json";
  static final int FORMAT = 2;

  /** Knew neither classes nor inputs. */
  private static final int BEFORE_CLASSES = 1;

  /** Far above what a state needs: a vector takes some 200 bytes. */
  static final int LARGEST = 1 << 20;

  /**
   * A vector's file. It is called after the vector, and the vector's name holds no separator, so no
   * name leads out of the directory.
   */
  record VectorEntry(String name, int length, long bytes, String sha256) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*(\\.[a-z0-9-]+)*");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    String file() {
      return fileOf(name);
    }

    static String fileOf(String name) {
      return name + ".f32";
    }

    static boolean isName(String name) {
      return name.length() <= 100 && NAME.matcher(name).matches();
    }
  }

  /** The phase; only after {@link #parse}, which checks it. */
  Phase parsedPhase() {
    return Arrays.stream(Phase.values()).filter(p -> p.key().equals(phase)).findAny().orElseThrow();
  }

  /** The run that made it. */
  RunIdentity identity() {
    return new RunIdentity(network, seed, configuration, classes, inputs, versions);
  }

  byte[] toJson() {
    return Json.indented(this);
  }

  /** Reads and checks the file's contents; throws with all that is wrong. */
  static StateFile parse(byte[] json) throws CorruptCheckpointException {
    StateFile file;
    try {
      file = Json.strict(upgraded(Json.strictTree(json)), StateFile.class);
    } catch (java.io.IOException e) {
      String message = e instanceof JsonProcessingException j ? j.getOriginalMessage() : "" + e;
      throw new CorruptCheckpointException("expected a complete " + NAME + ", found: " + message);
    }
    List<String> problems = file == null ? List.of("expected an object") : file.problems();
    if (!problems.isEmpty()) {
      throw new CorruptCheckpointException(NAME + ": " + String.join("; ", problems));
    }
    return file;
  }

  private static JsonNode upgraded(JsonNode tree) {
    JsonNode format = tree.path("format");
    if (tree instanceof ObjectNode state
        && format.isInt()
        && format.intValue() == BEFORE_CLASSES
        && !state.has("classes")
        && !state.has("inputs")) {
      state.put("format", FORMAT);
      state.putArray("classes");
      state.putObject("inputs");
    }
    return tree;
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (format != FORMAT) {
      problems.add(String.format(Locale.ROOT, "expected format %d, found %d", FORMAT, format));
    }
    if (iteration < 0 || discriminatorSteps < 0) {
      problems.add(
          String.format(
              Locale.ROOT,
              "expected counts of at least 0, found iteration %d and %d discriminator steps",
              iteration,
              discriminatorSteps));
    }
    List<String> phases = Arrays.stream(Phase.values()).map(Phase::key).toList();
    if (!phases.contains(phase)) {
      problems.add("expected a phase of %s, found '%s'".formatted(phases, phase));
    }
    Set<String> names = new HashSet<>();
    for (VectorEntry vector : vectors) {
      if (vector == null || !VectorEntry.isName(vector.name()) || !names.add(vector.name())) {
        problems.add("expected distinct plain vector names, found " + vector);
      } else if (vector.length() < 0
          || vector.bytes() != (long) vector.length() * Float.BYTES
          || !VectorEntry.HASH.matcher(vector.sha256()).matches()) {
        problems.add("expected 4 bytes a value and a SHA-256, found " + vector);
      }
    }
    return problems;
  }
}
