package org.adaptseg.config;

import java.io.Serializable;

/**
 * What numbers are computed in and with.
 *
 * @param precision type of feature maps
 * @param instructionSet limit of the processor's instructions
 */
public record Arithmetic(Precision precision, InstructionSet instructionSet)
    implements Serializable {
  /** Float32, with all that the processor has. */
  public static final Arithmetic FLOAT32 = new Arithmetic(Precision.FLOAT32, InstructionSet.NATIVE);
}
