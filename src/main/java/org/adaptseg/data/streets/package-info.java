/**
 * Synthetic streets: one distribution of layouts ({@link org.adaptseg.data.streets.StreetScene}),
 * two appearances ({@link org.adaptseg.data.streets.Appearance}), as the method assumes of its
 * source and target domains. Every picture is a function of (seed, index, size, appearance).
 */
package org.adaptseg.data.streets;
