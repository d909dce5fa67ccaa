package org.adaptseg.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.adaptseg.checkpoint.StateFile.VectorEntry;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.YamlMutations;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever {@code state.json} holds, the answer is its contents or a message. */
@Tag("faults")
class StateFileFuzzTest {
  private static final int INPUTS = 10_000;

  /** {@link StateFile#LARGEST} bytes are the most that is read; a few times that is parsed. */
  private static final long BYTES = 16L << 20;

  @Test
  void aStateFileIsReadOrRefused() {
    StateFile file =
        new StateFile(
            StateFile.FORMAT,
            500,
            "adversarial",
            250,
            "generator[3, 4]+discriminator",
            7,
            "c0ffee",
            List.of("road", "sky"),
            new TreeMap<>(Map.of("data.classes", "abc")),
            new TreeMap<>(Map.of("java", "17", "spark", "3.5.5")),
            List.of(
                new VectorEntry("generator.parameters", 10, 40, "ab".repeat(32)),
                new VectorEntry("generator.velocity", 10, 40, "0f".repeat(32))));
    byte[] seed = file.toJson();
    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofMinutes(10),
            () ->
                Fuzz.run(
                    INPUTS,
                    List.of(seed),
                    StateFileFuzzTest::mutate,
                    BYTES,
                    CorruptCheckpointException.class,
                    StateFileFuzzTest::parse));
    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  private static void parse(byte[] json) throws CorruptCheckpointException {
    StateFile file = StateFile.parse(json);
    assertThat(file.parsedPhase().key()).isEqualTo(file.phase());
    for (VectorEntry vector : file.vectors()) {
      assertThat(vector.file()).doesNotContain("/", "\\", "..", "\0");
      assertThat(vector.bytes()).isEqualTo(4L * vector.length());
    }
  }

  private static byte[] mutate(byte[] seed, SplittableRandom random) {
    byte[] text = YamlMutations.mutate(seed, random);
    if (random.nextInt(20) == 0) {
      ByteArrayOutputStream deep = new ByteArrayOutputStream();
      deep.writeBytes("{\"versions\":".repeat(20_000).getBytes(StandardCharsets.UTF_8));
      deep.writeBytes(text);
      return deep.toByteArray();
    }
    return text;
  }
}
