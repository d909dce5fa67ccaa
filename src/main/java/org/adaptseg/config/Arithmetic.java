package org.adaptseg.config;

import java.io.Serializable;
import org.adaptseg.config.yaml.Keyed;
import org.adaptseg.config.yaml.Names;

/**
 * What numbers are computed in and with.
 *
 * @param engine what computes
 * @param precision type of feature maps
 * @param instructionSet limit of the processor's instructions
 * @param threads of a worker, or {@link #ANY_THREADS}
 * @param lossScale what gradients of feature maps are multiplied by in float16, a power of 2
 */
public record Arithmetic(
    Engine engine, Precision precision, InstructionSet instructionSet, int threads, int lossScale)
    implements Serializable {
  /** As many threads as the process has anyway. */
  public static final int ANY_THREADS = 0;

  /** The scale of losses where none is said. */
  public static final int LOSS_SCALE = 65_536;

  /** With {@link #LOSS_SCALE}. */
  public Arithmetic(
      Engine engine, Precision precision, InstructionSet instructionSet, int threads) {
    this(engine, precision, instructionSet, threads, LOSS_SCALE);
  }

  /** Float32, with all that the machine has. */
  public static final Arithmetic FLOAT32 = of(Precision.FLOAT32);

  /** A precision, with all that the machine has. */
  public static Arithmetic of(Precision precision) {
    return new Arithmetic(Engine.AUTO, precision, InstructionSet.NATIVE, ANY_THREADS);
  }

  /** What computes. */
  public enum Engine implements Keyed {
    /** The GPU's engine where Spark assigned a GPU, else {@link #ONEDNN}. */
    AUTO,
    /** OneDNN, on the processor. */
    ONEDNN,
    /** CuDNN, on a GPU. */
    CUDA,
    /**
     * ND4J's operations, on whatever its backend in the job jar computes with: the processor, or a
     * GPU with the jar of {@code -Pnd4j-cuda}. On the processor many times slower than {@link
     * #ONEDNN}.
     */
    ND4J;

    @Override
    public String key() {
      return Names.lower(name());
    }
  }
}
