package org.adaptseg.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The JVMs of executors that this JVM or its children started, as the operating system sees them.
 */
public final class ExecutorProcesses {
  private static final String MAIN = "CoarseGrainedExecutorBackend";

  private ExecutorProcesses() {}

  /** All that are alive. */
  public static List<ProcessHandle> all() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> arguments(process.pid()).stream().anyMatch(a -> a.endsWith(MAIN)))
        .toList();
  }

  /** The one that was started with an option of this value, for example {@code --executor-id}. */
  public static Optional<ProcessHandle> with(String option, String value) {
    return all().stream()
        .filter(
            process -> {
              List<String> arguments = arguments(process.pid());
              int at = arguments.indexOf(option);
              return at >= 0 && at + 1 < arguments.size() && arguments.get(at + 1).equals(value);
            })
        .findFirst();
  }

  /** Sends a signal, for example {@code STOP}; Java knows only two of them. */
  public static void signal(ProcessHandle process, String signal) {
    ChildProcess.codeOf("kill", "-" + signal, String.valueOf(process.pid()));
  }

  /** ProcessHandle cuts long command lines off. */
  private static List<String> arguments(long pid) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "cmdline"));
      return List.of(new String(line, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException e) {
      return List.of(); // it has ended meanwhile
    }
  }

  /** Resident memory in bytes; 0 of a process that has ended. */
  public static long residentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
