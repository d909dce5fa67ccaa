package org.adaptseg.engine;

/**
 * The parameters of a batch normalisation, all [C].
 *
 * @param scale γ
 * @param shift β
 * @param mean running mean
 * @param variance running variance, unbiased
 */
public record Normalization(Vector scale, Vector shift, Vector mean, Vector variance) {}
