package org.adaptseg.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a round's time went, and how much it moved.
 *
 * @param round wall time of the whole round as the driver saw it, in seconds
 * @param step time in the learning step, of the worker with the most, in seconds
 * @param inputWait time spent waiting for samples, of the worker with the most, in seconds
 * @param workers number of states that were averaged
 * @param bytesAveraged bytes of these states together, as the workers send them
 * @param samplesDecoded samples that the workers together read and decoded, or drew; those that
 *     they still had are not among them
 * @param divergence how far apart the workers were at the end, by network that was trained: the
 *     distance of a worker's trained values from the mean ÷ the way of the mean in the round, root
 *     mean square over the workers. Empty with one worker
 */
public record RoundTimings(
    double round,
    double step,
    double inputWait,
    int workers,
    long bytesAveraged,
    long samplesDecoded,
    Map<String, Double> divergence) {
  public RoundTimings {
    divergence = Collections.unmodifiableMap(new LinkedHashMap<>(divergence));
  }

  /** Of a round of which no divergence is known. */
  public RoundTimings(
      double round,
      double step,
      double inputWait,
      int workers,
      long bytesAveraged,
      long samplesDecoded) {
    this(round, step, inputWait, workers, bytesAveraged, samplesDecoded, Map.of());
  }
}
