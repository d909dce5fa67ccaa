/**
 * What a trained state is used for without learning: to score a split, to predict images, and to
 * re-estimate the statistics of batch normalisation.
 */
package org.adaptseg.train.inference;
