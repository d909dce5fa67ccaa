package org.adaptseg.engine.machine;

import org.adaptseg.config.Arithmetic;
import org.bytedeco.dnnl.global.dnnl;

/** Loads the native libraries and then limits the instructions as far as oneDNN can. */
final class NativeLibrariesMain {
  private NativeLibrariesMain() {}

  public static void main(String[] arguments) {
    NativeLibraries.require(Arithmetic.ANY_THREADS);
    int refused = dnnl.dnnl_set_max_cpu_isa(dnnl.dnnl_cpu_isa_sse41);
    System.out.println(refused == 0 ? "limited" : "refused");
  }
}
