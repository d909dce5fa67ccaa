package org.adaptseg.data.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A process that has claimed a directory.
 *
 * @param token of this claim alone
 * @param host name of the machine, for people
 * @param process its id
 * @param started when it started, in ticks of its machine's clock, since ids are used again
 * @param machine the boot of the machine and the space in which the id counts: names of machines
 *     repeat, and processes of two containers may have one id
 * @param user who runs it; processes of others may be hidden
 * @param since when it claimed the directory
 * @param beat milliseconds between its signs of life
 */
record Claimant(
    String token,
    String host,
    long process,
    String started,
    String machine,
    String user,
    String since,
    long beat) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path SPACE = Path.of("/proc/self/ns/pid");

  /** Fields of /proc/PID/stat behind the name of the program: the state, and the start. */
  private static final int STATE = 0;

  private static final int START = 19;

  /** A claim of this process, which shows life so often. */
  static Claimant here(long beat) {
    long process = ProcessHandle.current().pid();
    return new Claimant(
        UUID.randomUUID().toString(),
        hostName(),
        process,
        start(process).orElse(""),
        thisMachine(),
        System.getProperty("user.name", ""),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        beat);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a machine without a name";
    }
  }

  /** Empty where the system does not say. */
  private static String thisMachine() {
    try {
      return Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(SPACE);
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /**
   * When a process started; none if it is gone. One that has ended and that nobody has waited for
   * is gone, too.
   */
  private static Optional<String> start(long process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +"));
      return "ZX".contains(fields.get(STATE).toUpperCase(Locale.ROOT))
          ? Optional.empty()
          : Optional.of(fields.get(START));
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  byte[] json() {
    return Json.indented(this);
  }

  /** None if it is not whole: somebody is writing it, or died over it. */
  static Optional<Claimant> parse(byte[] json) throws IOException {
    try {
      JsonNode claim = Json.strictTree(json);
      return claim.path("token").isTextual()
          ? Optional.of(
              new Claimant(
                  claim.path("token").asText(),
                  claim.path("host").asText(),
                  claim.path("process").asLong(),
                  claim.path("started").asText(),
                  claim.path("machine").asText(),
                  claim.path("user").asText(),
                  claim.path("since").asText(),
                  claim.path("beat").asLong()))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Whether this process would see that one. */
  boolean sees(Claimant other) {
    return !machine.isEmpty() && machine.equals(other.machine) && user.equals(other.user);
  }

  /** Whether both are claims of one process. */
  boolean isOfProcessOf(Claimant other) {
    return process == other.process && started.equals(other.started);
  }

  /** Whether the process, one that this process would see, is there. */
  boolean isRunning() {
    return start(process).filter(started::equals).isPresent();
  }

  /** For people. */
  String describe() {
    return String.format(Locale.ROOT, "that of process %d on %s, since %s", process, host, since);
  }
}
