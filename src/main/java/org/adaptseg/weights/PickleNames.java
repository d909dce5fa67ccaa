package org.adaptseg.weights;

import java.util.Set;

/** Names in pickles that run programs where somebody builds what they name. */
final class PickleNames {
  /** Modules that no object beside tensors is of; pickles that attack name them. */
  private static final Set<String> DANGEROUS =
      Set.of(
          "asyncio",
          "bdb",
          "code",
          "commands",
          "ctypes",
          "importlib",
          "marshal",
          "nt",
          "os",
          "pdb",
          "pickle",
          "pip",
          "popen2",
          "posix",
          "pty",
          "requests",
          "runpy",
          "shutil",
          "socket",
          "ssl",
          "subprocess",
          "sys",
          "timeit",
          "urllib",
          "webbrowser");

  private static final Set<String> DANGEROUS_BUILTINS =
      Set.of("eval", "exec", "execfile", "compile", "open", "__import__", "apply", "breakpoint");

  private PickleNames() {}

  /** Whether a pickle with this name is an attack; nothing here builds what is named. */
  static boolean runPrograms(String module, String name) {
    String top = module.split("\\.", 2)[0];
    boolean builtin = top.equals("builtins") || top.equals("__builtin__");
    return DANGEROUS.contains(top) || builtin && DANGEROUS_BUILTINS.contains(name);
  }
}
