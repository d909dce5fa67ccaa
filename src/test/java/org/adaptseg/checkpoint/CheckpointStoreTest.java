package org.adaptseg.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.config.Phase;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointStoreTest {
  private static final RunIdentity IDENTITY =
      new RunIdentity(
          "resnet 1-1-1-1 width 8",
          7,
          "c0ffee",
          List.of("road", "sky"),
          Map.of("data.classes", "abc"),
          Map.of("java", "17", "spark", "3.5"));

  @TempDir Path directory;

  @Test
  void aCheckpointReadsBackBitForBit() throws IOException {
    store(3).save(checkpoint(5000, 1));
    CheckpointStore.Found found = store(3).newest();
    Checkpoint read = found.checkpoint().orElseThrow();
    assertThat(read.iteration()).isEqualTo(5000);
    assertThat(read.phase()).isEqualTo(Phase.ADVERSARIAL);
    assertThat(read.discriminatorSteps()).isEqualTo(4000);
    assertThat(read.state().vectors())
        .extracting(Vector::name)
        .containsExactly("g.params", "d-aux");
    assertThat(read.state().vectors().get(0).values()).hasSize(100_000).startsWith(1f, 2f);
    assertThat(Float.floatToRawIntBits(read.state().vectors().get(1).values()[1]))
        .isEqualTo(0x80000000);
    assertThat(found.location()).endsWith("iteration-0005000");
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void theFormatIsRawLittleEndianFloat32WithItsHash() throws IOException {
    store(3).save(checkpoint(12, 1));
    // -0.5 = 0xbf000000, -0 = 0x80000000
    assertThat(Files.readAllBytes(file(12, "d-aux.f32")))
        .isEqualTo(new byte[] {0, 0, 0, (byte) 0xbf, 0, 0, 0, (byte) 0x80});
    assertThat(Files.readString(file(12, "state.json")))
        // printf '\0\0\0\xbf\0\0\0\x80' | sha256sum
        .contains("43b62d6ec0bb23f7a7f9bb75974419a0cf1ef819047e3c887fef54660540c3f9")
        .contains("\"phase\" : \"adversarial\"", "\"iteration\" : 12", "\"seed\" : 7");
  }

  @Test
  void thereIsNothingToResumeFromInANewRun() throws IOException {
    store(3).requireEmpty();
    CheckpointStore.Found found = store(3).newest();
    assertThat(found.checkpoint()).isEmpty();
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void takesTheNewestByNumberNotByName() throws IOException {
    store(3).save(checkpoint(9_999_999, 1));
    store(3).save(checkpoint(10_000_000, 2));
    assertThat(store(3).newest().location()).endsWith("iteration-10000000");
  }

  @ParameterizedTest
  @CsvSource({
    "truncated, 'expected g.params.f32 of 400000 bytes, found 399999'",
    "flipped, 'expected g.params.f32 with SHA-256 '",
    "no vector, 'expected g.params.f32 of 400000 bytes, found no such file'",
    "no state, 'expected state.json, found no such file; the checkpoint is incomplete'",
    "half a state, 'expected a complete state.json, found: Unexpected end-of-input'",
    "unknown field, 'Unrecognized field \"class\"'",
    "missing field, 'Missing creator property ''seed'''",
    "escape, 'expected distinct plain vector names, found VectorEntry[name=../g.params'",
    "huge length, 'expected g.params.f32 of 8000000000 bytes, found 400000'",
    "large state, 'expected state.json of at most 1048576 bytes, found more'",
    "other iteration, 'expected iteration 20, found 10'",
    "unknown phase, 'expected a phase of [source-only, adversarial, oracle, entropy,"
        + " self-training, adversarial-self-training], found ''warm-up'''",
    "other format, 'expected format 2, found 3'"
  })
  void aDamagedCheckpointIsPassedOverAndTheReasonSaid(String damage, String reason)
      throws IOException {
    store(3).save(checkpoint(10, 1));
    store(3).save(checkpoint(20, 2));
    damage(damage);
    CheckpointStore.Found found = store(3).newest();
    assertThat(found.checkpoint().orElseThrow().iteration()).isEqualTo(10);
    assertThat(found.notes()).hasSize(1);
    assertThat(found.notes().get(0))
        .startsWith("Passed over file:")
        .contains("iteration-0000020: ")
        .contains(reason);
  }

  private void damage(String damage) throws IOException {
    Path vector = file(20, "g.params.f32");
    Path state = file(20, "state.json");
    String json = Files.readString(state);
    byte[] values = Files.readAllBytes(vector);
    switch (damage) {
      case "truncated" -> Files.write(vector, java.util.Arrays.copyOf(values, 399_999));
      case "flipped" -> {
        values[200_001] ^= 4;
        Files.write(vector, values);
      }
      case "no vector" -> Files.delete(vector);
      case "no state" -> Files.delete(state);
      case "half a state" -> Files.writeString(state, json.substring(0, json.length() / 2));
      case "unknown field" -> Files.writeString(state, json.replaceFirst("\\{", "{\"class\":1,"));
      case "missing field" -> Files.writeString(state, json.replaceFirst("\"seed\" : 7,", ""));
      case "escape" -> Files.writeString(state, json.replace("\"g.params", "\"../g.params"));
      case "huge length" ->
          Files.writeString(
              state, json.replace("100000,", "2000000000,").replace("400000,", "8000000000,"));
      case "large state" -> Files.writeString(state, json + " ".repeat(1 << 20));
      case "other iteration" -> Files.writeString(state, json.replace(" : 20,", " : 10,"));
      case "unknown phase" -> Files.writeString(state, json.replace("adversarial", "warm-up"));
      case "other format" ->
          Files.writeString(state, json.replace("\"format\" : 2", "\"format\" : 3"));
      default -> throw new IllegalArgumentException(damage);
    }
  }

  @Test
  void aDamageThatTheFileSystemNoticesIsPassedOverToo() throws IOException {
    store(3).save(checkpoint(10, 1));
    store(3).save(checkpoint(20, 2));
    byte[] values = Files.readAllBytes(file(20, "g.params.f32"));
    values[200_001] ^= 4;
    Files.write(file(20, "g.params.f32"), values);
    assertThat(store(3).newest().location()).endsWith("iteration-0000010");
  }

  @Test
  void refusesACheckpointOfAnotherNetwork() throws IOException {
    store(3).save(checkpoint(10, 1));
    RunIdentity other =
        new RunIdentity(
            "resnet 3-4-23-3 width 64",
            7,
            "c0ffee",
            List.of("road", "sky"),
            Map.of("data.classes", "abc"),
            Map.of());
    assertThatThrownBy(() -> new CheckpointStore(hadoop(), new Configuration(), other, 3).newest())
        .isInstanceOf(CheckpointException.class)
        .hasMessageMatching(
            "Cannot load a checkpoint: expected network resnet 3-4-23-3 width 64, found resnet"
                + " 1-1-1-1 width 8 \\(file:.*/iteration-0000010\\)");
  }

  @Test
  void givesTheRunThatMadeItAndNamesOtherVersions() throws IOException {
    store(3).save(checkpoint(10, 1));
    RunIdentity other =
        new RunIdentity(
            IDENTITY.network(), 8, "decaf", List.of("road", "sky"), Map.of(), Map.of("java", "21"));
    CheckpointStore store = new CheckpointStore(hadoop(), new Configuration(), other, 3);
    CheckpointStore.Found found = store.newest();
    assertThat(found.checkpoint()).isPresent();
    assertThat(found.made()).contains(new CheckpointStore.Made(10, IDENTITY));
    assertThat(store.made()).isEqualTo(found.made());
    assertThat(found.notes())
        .singleElement()
        .asString()
        .endsWith("was made with versions {java=17, spark=3.5}, not {java=21}");
  }

  @Test
  void refusesACheckpointOfAnotherNormalisation() throws IOException {
    RunIdentity caffe = with(IDENTITY.classes(), Map.of("data.normalisation", "caffe"));
    new CheckpointStore(hadoop(), new Configuration(), caffe, 3).save(checkpoint(10, 1));
    RunIdentity other = with(IDENTITY.classes(), Map.of("data.normalisation", "torchvision"));
    assertThatThrownBy(() -> newest(other))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("expected data.normalisation: torchvision, found caffe");
    assertThat(newest(with(IDENTITY.classes(), Map.of())).checkpoint()).isPresent();
  }

  private static RunIdentity with(List<String> classes, Map<String, String> inputs) {
    return new RunIdentity(IDENTITY.network(), 7, "c0ffee", classes, inputs, IDENTITY.versions());
  }

  private CheckpointStore.Found newest(RunIdentity identity) throws IOException {
    return new CheckpointStore(hadoop(), new Configuration(), identity, 3).newest();
  }

  @Test
  void refusesACheckpointWhoseClassesStandInAnotherOrder() throws IOException {
    store(3).save(checkpoint(10, 1));
    RunIdentity other = with(List.of("sky", "road"), Map.of());
    assertThatThrownBy(() -> newest(other))
        .isInstanceOf(CheckpointException.class)
        .hasMessageMatching(
            "Cannot load a checkpoint: expected the classes \\[sky, road], found \\[road, sky]"
                + " \\(file:.*/iteration-0000010\\)");
  }

  @Test
  void loadsACheckpointThatKnewNoClasses() throws IOException {
    store(3).save(checkpoint(20, 1));
    Path state = file(20, "state.json");
    String json = Files.readString(state);
    String older =
        json.replaceFirst("(?s)\"classes\" : .*?(?=\"versions\")", "")
            .replace("\"format\" : 2", "\"format\" : 1");
    assertThat(older).isNotEqualTo(json).doesNotContain("data.classes");
    Files.writeString(state, older);
    CheckpointStore.Found found = newest(with(List.of("sky", "road"), Map.of()));
    assertThat(found.checkpoint()).isPresent();
    assertThat(found.notes()).isEmpty();
  }

  @Test
  void aForeignFileIsIgnoredWithANoteAndKept() throws IOException {
    Files.writeString(directory.resolve("README.txt"), "mine");
    Files.createDirectory(directory.resolve("iteration-last"));
    for (int iteration = 10; iteration <= 40; iteration += 10) {
      store(1).save(checkpoint(iteration, 1));
    }
    CheckpointStore.Found found = store(1).newest();
    assertThat(found.checkpoint()).isPresent();
    assertThat(found.notes())
        .hasSize(2)
        .anySatisfy(note -> assertThat(note).contains("README.txt: it is not a checkpoint"));
    assertThat(names()).containsExactly("README.txt", "iteration-0000040", "iteration-last");
  }

  @Test
  void keepsTheNewestCompleteOnesAndDeletesOlderRemains() throws IOException {
    for (int iteration = 10; iteration <= 40; iteration += 10) {
      store(2).save(checkpoint(iteration, 1));
    }
    assertThat(names()).containsExactly("iteration-0000030", "iteration-0000040");
    Files.delete(file(40, "state.json"));
    store(2).save(checkpoint(50, 1));
    assertThat(names()).containsExactly("iteration-0000030", "iteration-0000050");
  }

  @Test
  void aCheckpointThatIsWrittenOverIsIncompleteUntilItsEnd() throws IOException {
    store(2).save(checkpoint(10, 1));
    Files.delete(file(10, "d-aux.f32"));
    Files.createDirectories(file(10, "d-aux.f32"));
    assertThatThrownBy(() -> store(2).save(checkpoint(10, 1))).isInstanceOf(IOException.class);
    assertThat(store(2).newest().checkpoint()).isEmpty();
    assertThatThrownBy(() -> store(2).requireEmpty())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "expected no checkpoints, found 1, the newest of iteration 10 (file:");
  }

  @Test
  void refusesVectorNamesThatAreNoFileNamesBeforeItWrites() throws IOException {
    store(2).save(checkpoint(10, 1));
    Vector up = new Vector("../up", new float[1]);
    Vector twice = new Vector("g.params", new float[1]);
    LearnerState bad = new LearnerState(List.of(twice, up, twice));
    assertThatThrownBy(() -> store(2).save(new Checkpoint(10, Phase.ADVERSARIAL, 0, bad)))
        .hasMessage(
            "Cannot save a state: expected distinct plain vector names, found [g.params, ../up,"
                + " g.params]");
    assertThat(store(2).newest().checkpoint()).isPresent();
  }

  @Test
  void loadsOneDirectoryAndSaysWhatIsWrongWithIt() throws IOException {
    String location = store(2).save(checkpoint(10, 1));
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(location);
    assertThat(CheckpointStore.load(path, new Configuration(), IDENTITY).checkpoint())
        .get()
        .extracting(Checkpoint::iteration)
        .isEqualTo(10L);
    Files.delete(file(10, "state.json"));
    assertThatThrownBy(() -> CheckpointStore.load(path, new Configuration(), IDENTITY))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "Cannot load "
                + location
                + ": expected state.json, found no such file; the"
                + " checkpoint is incomplete");
  }

  private static Checkpoint checkpoint(long iteration, float first) {
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i;
    }
    LearnerState state =
        new LearnerState(
            List.of(
                new Vector("g.params", values), new Vector("d-aux", new float[] {-0.5f, -0.0f})));
    return new Checkpoint(iteration, Phase.ADVERSARIAL, 4000, state);
  }

  private CheckpointStore store(int keep) throws IOException {
    return new CheckpointStore(hadoop(), new Configuration(), IDENTITY, keep);
  }

  private org.apache.hadoop.fs.Path hadoop() {
    return new org.apache.hadoop.fs.Path(directory.toUri());
  }

  private Path file(long iteration, String name) {
    return directory.resolve("iteration-%07d".formatted(iteration)).resolve(name);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
