package org.adaptseg.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged checkpoints, as the program meets them when it resumes, evaluates or begins. */
@Tag("faults")
class CheckpointFaultsTest {
  private static final String VECTOR = "generator.parameters.f32";

  @TempDir Path directory;

  /** Damages the newest checkpoint. */
  private interface Damage {
    void to(Path checkpoint) throws IOException;
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage(
            "a vector cut short",
            "expected generator.parameters.f32 of ",
            c -> truncate(c.resolve(VECTOR))),
        damage("a byte flipped", "SHA-256", c -> flip(c.resolve(VECTOR))),
        damage("a vector missing", "found no such file", c -> Files.delete(c.resolve(VECTOR))),
        damage(
            "no state.json",
            "expected state.json, found no such file; the checkpoint is incomplete",
            c -> Files.delete(c.resolve("state.json"))),
        damage(
            "half a state.json",
            "expected a complete state.json",
            c -> {
              byte[] json = Files.readAllBytes(c.resolve("state.json"));
              overwrite(c.resolve("state.json"), new String(json, 0, json.length / 2, UTF_8));
            }),
        damage(
            "a state.json of nothing", "state.json", c -> overwrite(c.resolve("state.json"), "")),
        damage(
            "a state.json of something else",
            "state.json",
            c -> overwrite(c.resolve("state.json"), "{\"format\": 1}")));
  }

  private static Arguments damage(String name, String message, Damage damage) {
    return Arguments.of(name, message, damage);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void aDamagedCheckpointIsPassedOverWithItsReasonAndTheRunEndsTheSame(
      String name, String message, Damage damage) throws IOException {
    Path run = SmallTraining.copyOfReference(directory, SmallTraining.ITERATIONS);
    Path newest = run.resolve("checkpoints").resolve("iteration-0000016");
    damage.to(newest);
    Ended refused =
        SmallTraining.run(
            Map.of(),
            List.of(
                "evaluate",
                "--config",
                SmallTraining.configuration(directory).toString(),
                "--checkpoint",
                newest.toString()));
    assertThat(refused.code()).isEqualTo(Main.FAILURE);
    assertThat(refused.err()).startsWith("Cannot load ").contains(message);
    Ended ended = SmallTraining.succeed(Map.of(), SmallTraining.train(directory, "--resume"));
    assertThat(ended.out())
        .contains("Passed over file:" + newest)
        .contains(message)
        .contains("tiny: iterations 12 to 16");
    assertThat(SmallTraining.vectors(run))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  @Test
  void foreignFilesAreLeftAloneWithANote() throws IOException {
    Path run = SmallTraining.copyOfReference(directory, 12);
    Path checkpoints = run.resolve("checkpoints");
    Path file = Files.writeString(checkpoints.resolve("notes.txt"), "mine");
    Path folder = Files.createDirectories(checkpoints.resolve("iteration-12"));
    Path inside = Files.writeString(checkpoints.resolve("iteration-0000012/notes.txt"), "mine");
    Ended ended = SmallTraining.succeed(Map.of(), SmallTraining.train(directory, "--resume"));
    assertThat(ended.out())
        .contains("Ignored file:" + file + ": it is not a checkpoint")
        .contains("Ignored file:" + folder + ": it is not a checkpoint")
        .contains("tiny: iterations 12 to 16");
    assertThat(file).hasContent("mine");
    assertThat(inside).hasContent("mine");
    assertThat(folder).isEmptyDirectory();
    assertThat(SmallTraining.vectors(run))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  @Test
  void withNoWholeCheckpointLeftTheRunBeginsAgain() throws IOException {
    Path run = SmallTraining.copyOfReference(directory, SmallTraining.ITERATIONS);
    for (int iteration : new int[] {8, 12, 16}) {
      Files.delete(run.resolve("checkpoints/iteration-%07d/state.json".formatted(iteration)));
    }
    Ended ended = SmallTraining.succeed(Map.of(), SmallTraining.train(directory, "--resume"));
    assertThat(ended.out()).contains("tiny: iterations 0 to 16");
    assertThat(SmallTraining.vectors(run))
        .isEqualTo(SmallTraining.vectors(SmallTraining.reference()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"model.base-width=16", "model.stride-on=3x3", "data.normalisation=torchvision"})
  void aCheckpointOfOtherNetworksIsRefused(String change) {
    SmallTraining.copyOfReference(directory, 12);
    Ended ended =
        SmallTraining.run(Map.of(), SmallTraining.train(directory, "--resume", "--set", change));
    assertThat(ended.code()).isEqualTo(Main.BAD_USAGE);
    String[] set = change.split("=");
    assertThat(ended.err())
        .contains(set[0] + ": was ", ", is now " + set[1] + "; the 12 iterations")
        .doesNotContain("--accept");
  }

  private static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private static void overwrite(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
  }
}
