package org.adaptseg.checkpoint;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint says of the run that made it.
 *
 * @param network fingerprint of the networks; a checkpoint loads into the same networks only
 * @param seed the run's seed
 * @param configuration hash of the effective configuration
 * @param classes names of the classes, by trainId; a checkpoint of others, or of the same in
 *     another order, is refused. Empty where they are not known
 * @param inputs what the run reads, by key: hashes of the label space and of the descriptions of
 *     datasets, numbers and hashes of the lists of their files, and the normalisation's name; a
 *     checkpoint of another normalisation is refused. One that is not known is not compared
 * @param versions versions by name: java, spark, project
 */
public record RunIdentity(
    String network,
    long seed,
    String configuration,
    List<String> classes,
    Map<String, String> inputs,
    Map<String, String> versions) {
  /** The key of {@code inputs} that holds the normalisation. */
  public static final String NORMALISATION = "data.normalisation";

  /** Sorts the maps, so that equal runs write equal files. */
  public RunIdentity {
    classes = List.copyOf(classes);
    inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
  }
}
