package org.adaptseg.nn.layers;

/**
 * What a layer computes and keeps for one image, for estimates: borders are left out, so pixels may
 * be fractions.
 *
 * @param pixels of the output's map
 * @param products multiplications of the convolutions of one forward
 * @param kept values of the feature maps kept from forward to backward
 */
public record LayerWork(double pixels, double products, double kept) {}
