/** The engine of ND4J's operations, any backend, float32 and float64: the oracle of the tests. */
package org.adaptseg.engine.nd4j;
