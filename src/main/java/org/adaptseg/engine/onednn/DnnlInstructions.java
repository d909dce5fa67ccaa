package org.adaptseg.engine.onednn;

import org.adaptseg.config.InstructionSet;
import org.bytedeco.dnnl.global.dnnl;

/** The instructions of the processor that oneDNN uses in this process. */
final class DnnlInstructions {
  private DnnlInstructions() {}

  /** Loads the library and asks nothing that fixes the set. */
  static void load() {
    dnnl.dnnl_version();
  }

  /** Whether there are instructions for bfloat16 among them. */
  static boolean haveBfloat16() {
    int set = dnnl.dnnl_get_effective_cpu_isa();
    return contains(set, dnnl.dnnl_cpu_isa_avx512_core_bf16);
  }

  /** OneDNN's name of the set in use. */
  static String effective() {
    return name(dnnl.dnnl_get_effective_cpu_isa());
  }

  /**
   * Allows no more than a set. OneDNN takes a limit until it is used for the first time; after that
   * only one that changes nothing is accepted.
   */
  static void limit(InstructionSet set) {
    if (set == InstructionSet.NATIVE || set == InstructionSet.ANY) {
      return;
    }
    int wanted =
        switch (set) {
          case AVX512 -> dnnl.dnnl_cpu_isa_avx512_core;
          case AVX512_BF16 -> dnnl.dnnl_cpu_isa_avx512_core_bf16;
          default -> dnnl.dnnl_cpu_isa_avx2;
        };
    dnnl.dnnl_set_max_cpu_isa(wanted);
    int found = dnnl.dnnl_get_effective_cpu_isa();
    if (found != wanted) {
      throw new IllegalStateException(
          contains(found, wanted)
              ? ("Cannot limit this process to cluster.instruction-set: %s: expected one that has not"
                      + " computed yet, found one that computes with %s; start another process")
                  .formatted(set.key(), name(found))
              : ("Cannot compute with cluster.instruction-set: %s: expected a processor that has it,"
                      + " found one with %s; set one that all workers have")
                  .formatted(set.key(), name(found)));
    }
  }

  /** Sets are bits, of which a larger set has all of a smaller one's. */
  private static boolean contains(int set, int other) {
    return (set & other) == other;
  }

  private static String name(int set) {
    if (set == dnnl.dnnl_cpu_isa_avx2) {
      return "avx2";
    }
    if (set == dnnl.dnnl_cpu_isa_avx512_core) {
      return "avx512_core";
    }
    if (set == dnnl.dnnl_cpu_isa_avx512_core_vnni) {
      return "avx512_core_vnni";
    }
    if (set == dnnl.dnnl_cpu_isa_avx512_core_bf16) {
      return "avx512_core_bf16";
    }
    return set == dnnl.dnnl_cpu_isa_avx512_core_amx
        ? "avx512_core_amx"
        : "instruction set 0x" + Integer.toHexString(set);
  }
}
