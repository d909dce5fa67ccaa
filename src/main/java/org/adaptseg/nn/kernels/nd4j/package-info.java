/** Kernels of plain ND4J operations, any backend and precision: the oracle of the tests. */
package org.adaptseg.nn.kernels.nd4j;
