/**
 * From files (or drawn streets) to samples: decoding, Pillow-exact resizing, label maps, the order
 * of samples and prefetching. Knows neither Spark nor ND4J.
 */
package org.adaptseg.data;
