package org.adaptseg.config;

import org.adaptseg.config.yaml.Names;

/**
 * The processor's instructions that convolutions are computed with. The bits of a result depend on
 * them, so the workers of a run must agree.
 */
public enum InstructionSet {
  /** All that a processor has; workers whose processors differ are refused. */
  NATIVE,
  /** No more than AVX2, which every supported processor has. */
  AVX2,
  /** No more than the instructions of AVX-512 that its first processors had. */
  AVX512,
  /** No more than AVX-512 with bfloat16. */
  AVX512_BF16,
  /** All that a processor has, and workers may differ: results depend on which does what. */
  ANY;

  /** Its name in configurations. */
  public String key() {
    return Names.key(this);
  }
}
