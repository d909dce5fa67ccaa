/** The generator in layers that DL4J brings, so that plain DL4J restores it without our classes. */
package org.adaptseg.weights.dl4j;
