package org.adaptseg.config;

import org.adaptseg.config.yaml.Names;

/**
 * Type of feature maps and of the convolutions on them. Parameters, gradients of parameters,
 * moments of the optimisers, statistics of batch normalisation, logits and losses are float32
 * whatever this is.
 */
public enum Precision {
  /** Single precision: 24 significant bits. */
  FLOAT32,
  /**
   * Float32 in memory, of which a GPU's tensor cores multiply 11 significant bits; from compute
   * capability 8.0 on.
   */
  TF32,
  /**
   * 8 significant bits and float32's range; for processors with avx512_bf16 or AMX, and GPUs from
   * compute capability 8.0 on.
   */
  BFLOAT16,
  /**
   * 11 significant bits from 2^-14 to 65504, fewer down to 2^-24; for GPUs from compute capability
   * 7.5 on. Gradients are multiplied by {@code cluster.loss-scale} on their way.
   */
  FLOAT16,
  /**
   * {@link #BFLOAT16} where the processor or the GPU has instructions for it, else {@link #FLOAT16}
   * on a GPU that has some for that, else {@link #FLOAT32}.
   */
  AUTO;

  /** Its name in configurations. */
  public String key() {
    return Names.key(this);
  }
}
