package org.adaptseg.engine;

import java.io.Serializable;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Precision;

/**
 * What a worker computes in and with. Two that are equal, and the same number of threads, give the
 * same bits.
 *
 * @param engine {@code ONEDNN}, {@code CUDA} or {@code ND4J}
 * @param precision {@code FLOAT32} or {@code BFLOAT16}
 * @param instructionSet oneDNN's name of the instructions in use, or ND4J's backend
 */
public record Computation(Arithmetic.Engine engine, Precision precision, String instructionSet)
    implements Serializable {
  @Override
  public String toString() {
    return precision.key() + " with " + instructionSet;
  }
}
