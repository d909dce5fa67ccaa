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
  /** 8 significant bits and float32's range; for processors with avx512_bf16 or AMX. */
  BFLOAT16,
  /** {@link #BFLOAT16} where the processor has instructions for it, else {@link #FLOAT32}. */
  AUTO;

  /** Its name in configurations. */
  public String key() {
    return Names.key(this);
  }
}
