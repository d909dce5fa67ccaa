package org.adaptseg.train;

/**
 * Where a round's time went, and how much it moved.
 *
 * @param round wall time of the whole round as the driver saw it, in seconds
 * @param step time in the learning step, of the worker with the most, in seconds
 * @param inputWait time spent waiting for samples, of the worker with the most, in seconds
 * @param workers number of states that were averaged
 * @param bytesAveraged bytes of these states together
 * @param samplesDecoded samples that the workers together read and decoded, or drew; those that
 *     they still had are not among them
 */
public record RoundTimings(
    double round,
    double step,
    double inputWait,
    int workers,
    long bytesAveraged,
    long samplesDecoded) {}
