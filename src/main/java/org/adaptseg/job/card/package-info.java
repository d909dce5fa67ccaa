/**
 * Model cards: what stands beside an exported network, and in its file, so that whoever gets it
 * knows what it is and {@code predict} needs no configuration.
 */
package org.adaptseg.job.card;
