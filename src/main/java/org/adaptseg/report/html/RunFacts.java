package org.adaptseg.report.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a run's configuration does not say, kept as {@value #NAME} in its directory.
 *
 * @param versions by name: project, java, spark
 * @param images number of images by use: source, target, evaluation
 * @param initialWeights what the run began with: file, from, sha256; empty for random values
 * @param computation what the workers compute in and with; empty before the first round has ended
 */
public record RunFacts(
    Map<String, String> versions,
    Map<String, Long> images,
    Map<String, String> initialWeights,
    String computation) {
  /** Name of the file in the run directory. */
  public static final String NAME = "run.json";

  private static final int LARGEST = 1 << 16;

  /** Facts of a run that began with random values. */
  public RunFacts(Map<String, String> versions, Map<String, Long> images) {
    this(versions, images, Map.of(), "");
  }

  /** The same facts with what the workers compute in and with. */
  public RunFacts with(String found) {
    return new RunFacts(versions, images, initialWeights, found);
  }

  /** Sorts all, so that equal runs write equal files. */
  public RunFacts {
    versions = versions == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(versions));
    images = images == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(images));
    initialWeights =
        initialWeights == null
            ? Map.of()
            : Collections.unmodifiableMap(new TreeMap<>(initialWeights));
    computation = computation == null ? "" : computation;
  }

  /** Writes the file into a run directory, replacing another. */
  public void write(Path directory, Configuration hadoop) throws IOException {
    Path file = new Path(directory, NAME);
    WholeFile.write(file, Json.indented(this), hadoop);
  }

  /**
   * Reads the file of a run directory; none if there is none.
   *
   * @throws IOException also if it is no such file
   */
  public static Optional<RunFacts> read(Path directory, Configuration hadoop) throws IOException {
    Path file = new Path(directory, NAME);
    Optional<byte[]> json = WholeFile.read(file, LARGEST, hadoop);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(json.get(), RunFacts.class));
    } catch (JsonProcessingException e) {
      throw new IOException(
          "Cannot read the facts of a run: expected versions and numbers of images, found %s (%s)"
              .formatted(e.getOriginalMessage(), file),
          e);
    }
  }
}
