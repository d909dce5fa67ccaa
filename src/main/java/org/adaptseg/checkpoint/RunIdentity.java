package org.adaptseg.checkpoint;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint says of the run that made it.
 *
 * @param network fingerprint of the networks; a checkpoint loads into the same networks only
 * @param seed the run's seed
 * @param configuration hash of the effective configuration
 * @param versions versions by name: java, spark, project
 */
public record RunIdentity(
    String network, long seed, String configuration, Map<String, String> versions) {
  /** Sorts the versions, so that equal runs write equal files. */
  public RunIdentity {
    versions = java.util.Collections.unmodifiableMap(new TreeMap<>(versions));
  }
}
