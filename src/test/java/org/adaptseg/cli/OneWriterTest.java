package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.Processes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings, each a process of its own, that meet in one run directory. */
@Tag("faults")
@Tag("slow")
class OneWriterTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private Path run() {
    return directory.resolve("run");
  }

  private ChildProcess start(String... more) {
    Map<String, String> quick = Map.of("spark.hadoop.adaptseg.claim.beat-ms", "500");
    return SmallTraining.process(quick, SmallTraining.train(directory, more))
        .start(directory.resolve("logs"));
  }

  @Test
  void ofTwoThatStartTogetherOneIsRefusedAndTheOtherIsAsIfAlone() throws IOException {
    try (ChildProcess one = start();
        ChildProcess two = start()) {
      Ended first = one.await(LIMIT);
      Ended second = two.await(LIMIT);
      boolean firstHolds = first.code() == 0;
      Ended holder = firstHolds ? first : second;
      Ended refused = firstHolds ? second : first;
      assertThat(holder.code()).as("%s%n%s", first.err(), second.err()).isZero();
      assertThat(refused.code()).isEqualTo(Main.FAILURE);
      assertThat(refused.err().strip().lines())
          .filteredOn(line -> line.startsWith("Cannot "))
          .singleElement()
          .asString()
          .startsWith("Cannot train in file:" + run() + ": expected no other training there")
          .contains("process " + (firstHolds ? one : two).pid() + " on ")
          .contains(", since 20")
          .contains("Wait for its end, stop it, or choose another output.dir");
      assertThat(refused.out()).doesNotContain("mIoU");
      double miou =
          100 * JSON.readTree(run().resolve("scores.json").toFile()).path("miou").asDouble();
      assertThat(holder.out())
          .containsPattern("mIoU +" + String.format(Locale.ROOT, "%.2f", miou) + "\n");
    }
    assertThat(claims()).isEmpty();
    assertThat(SmallTraining.vectors(run()))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  /** {@link DriverKillTest} resumes on the machine of the one that was killed. */
  @Test
  void oneThatWasKilledOnAnotherMachineIsReplacedOnceItShowsNoLife() throws IOException {
    try (ChildProcess process = start("--resume")) {
      process.awaitOutput("tiny: iterations", LIMIT);
      process.kill();
      process.await(LIMIT);
    }
    Path claim = run().resolve("owner-1.json");
    ObjectNode json = (ObjectNode) JSON.readTree(claim.toFile());
    json.put("machine", "another").put("host", "elsewhere");
    Files.write(claim, JSON.writeValueAsBytes(json));
    try (ChildProcess process = start("--resume")) {
      Ended ended = process.await(LIMIT);
      assertThat(ended.code()).as(ended.err()).isZero();
    }
    assertThat(claims()).isEmpty();
  }

  @Test
  void oneThatIsTakenForDeadEndsAtItsNextSaveAndWritesNothingMore() throws IOException {
    String[] settings = {
      "--set", "schedule.phases.0.iterations=100000", "--set", "output.checkpoint-interval=100"
    };
    try (ChildProcess process = start(settings)) {
      Path first = run().resolve("checkpoints/iteration-0000100/state.json");
      Processes.await(
          "a checkpoint", LIMIT, () -> Files.exists(first), process::isAlive, process::soFar);
      // As another training does that takes the directory over.
      Path claim = run().resolve("owner-1.json");
      ObjectNode json = (ObjectNode) JSON.readTree(claim.toFile());
      json.put("token", "another").put("host", "elsewhere").put("process", 7);
      Files.write(run().resolve("owner-2.json"), JSON.writeValueAsBytes(json));
      Files.delete(claim);
      Map<String, String> before = content();
      Ended ended = process.await(LIMIT);
      assertThat(ended.code()).isEqualTo(Main.FAILURE);
      assertThat(ended.err())
          .contains("Cannot write to file:" + run() + " any more")
          .contains("found that of process 7 on elsewhere, since 20")
          .contains("It has taken over; this one ends and writes nothing more there");
      assertThat(ended.out()).doesNotContain("mIoU");
      assertThat(content()).isEqualTo(before);
      assertThat(claims()).containsExactly("owner-2.json");
    }
  }

  private List<String> claims() throws IOException {
    try (Stream<Path> files = Files.list(run())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("owner"))
          .toList();
    }
  }

  /** Hashes of all files of the run but signs of life. */
  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = run().relativize(file).toString();
        if (!name.startsWith("_owner-") && !name.startsWith("__owner-")) {
          content.put(name, Sha256.of(Files.readAllBytes(file)));
        }
      }
    }
    return content;
  }
}
