package org.adaptseg.engine;

import java.io.Serializable;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Precision;

/**
 * What a worker computes in and with. Two that are equal, and the same number of threads, give the
 * same bits.
 *
 * @param engine {@code ONEDNN}, {@code CUDA} or {@code ND4J}
 * @param precision any but {@code AUTO}
 * @param instructionSet oneDNN's name of the instructions in use, ND4J's backend, or a GPU with its
 *     cuDNN
 * @param lossScale what gradients of feature maps are multiplied by; 1 but in float16
 */
public record Computation(
    Arithmetic.Engine engine, Precision precision, String instructionSet, int lossScale)
    implements Serializable {
  /** Without scaled losses. */
  public Computation(Arithmetic.Engine engine, Precision precision, String instructionSet) {
    this(engine, precision, instructionSet, 1);
  }

  @Override
  public String toString() {
    return precision.key() + " with " + instructionSet;
  }
}
