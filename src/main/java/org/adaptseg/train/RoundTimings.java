package org.adaptseg.train;

/**
 * Where a round's time went, in seconds.
 *
 * @param round wall time of the whole round as the driver saw it
 * @param step time in the learning step, of the worker with the most
 * @param inputWait time spent waiting for samples, of the worker with the most
 */
public record RoundTimings(double round, double step, double inputWait) {}
