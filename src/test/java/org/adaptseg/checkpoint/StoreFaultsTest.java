package org.adaptseg.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.FileSplit;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.image.LabelMap;
import org.adaptseg.data.store.StoreRetries;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.testing.FaultyProxy;
import org.adaptseg.testing.FaultyProxy.Fault;
import org.adaptseg.testing.S3Server;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real S3 server behind a proxy that does harm. */
@Tag("faults")
@Tag("slow")
class StoreFaultsTest {
  private static final RunIdentity IDENTITY =
      new RunIdentity(
          "linear",
          3,
          "c0ffee",
          List.of("road", "sky"),
          Map.of("data.classes", "abc"),
          Map.of("spark", "3.5"));

  @TempDir static java.nio.file.Path directory;

  private static final AtomicInteger RUNS = new AtomicInteger();
  private static S3Server server;
  private static FaultyProxy proxy;
  private static Configuration hadoop;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start(directory, "faults");
    proxy = FaultyProxy.start(server.endpoint());
    hadoop = settings(server, proxy);
    new SyntheticWriter(hadoop, 1, 64, 32)
        .writeGta5(
            "s3a://faults/gta5",
            new SyntheticWriter.Streets(StreetDomain.SOURCE.appearance(), 0, 2));
  }

  /** S3A's settings with limits that a test can wait for. */
  static Configuration settings(S3Server server, FaultyProxy proxy) {
    Configuration settings = server.hadoop();
    settings.set("fs.s3a.endpoint", proxy.endpoint());
    Map.of(
            "fs.s3a.attempts.maximum",
            "1",
            "fs.s3a.retry.limit",
            "1",
            "fs.s3a.retry.interval",
            "20ms",
            "fs.s3a.retry.throttle.limit",
            "1",
            "fs.s3a.retry.throttle.interval",
            "20ms",
            "fs.s3a.connection.timeout",
            "1000",
            StoreRetries.ATTEMPTS,
            "3",
            StoreRetries.PAUSE,
            "20")
        .forEach(settings::set);
    return settings;
  }

  @AfterAll
  static void stop() {
    proxy.close();
    server.close();
  }

  @AfterEach
  void heal() {
    proxy.set((method, target) -> Fault.NONE);
    proxy.harmed();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aCheckpointSurvivesAFaultThatPasses(Fault fault) throws IOException {
    CheckpointStore store = store();
    proxy.set(first(2, fault, "parameters.f32"));
    store.save(checkpoint(4));
    assertThat(proxy.harmed()).isBetween(1, 2);
    proxy.set(first(2, fault, "state.json"));
    assertThat(store.newest().checkpoint()).isPresent();
    assertThat(proxy.harmed()).isBetween(1, 2);
    float[] values = store.newest().checkpoint().orElseThrow().state().vectors().get(0).values();
    assertThat(values).isEqualTo(checkpoint(4).state().vectors().get(0).values());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aFaultThatStaysEndsWithTheObjectsNameAndNoWholeCheckpoint(Fault fault) throws IOException {
    CheckpointStore store = store();
    store.save(checkpoint(4));
    proxy.set((method, target) -> target.contains("velocity.f32") ? fault : Fault.NONE);
    assertThatThrownBy(() -> store.save(checkpoint(8)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot save the checkpoint s3a://faults/")
        .hasMessageContaining("iteration-0000008")
        .hasMessageContaining("(attempt 3 of 3)");
    heal();
    CheckpointStore.Found found = store.newest();
    assertThat(found.checkpoint().orElseThrow().iteration()).isEqualTo(4);
    assertThat(found.notes())
        .singleElement()
        .asString()
        .contains("iteration-0000008: expected state.json, found no such file");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void anUnreadableStoreIsNoReasonToGoBackToAnOlderCheckpoint(Fault fault) throws IOException {
    CheckpointStore store = store();
    store.save(checkpoint(4));
    store.save(checkpoint(8));
    proxy.set(
        (method, target) -> target.contains("0008/generator.velocity.f32") ? fault : Fault.NONE);
    assertThatThrownBy(store::newest)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read the checkpoint s3a://faults/")
        .hasMessageContaining("iteration-0000008");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aSampleSurvivesAFaultThatPassesAndIsNamedByOneThatStays(Fault fault) throws IOException {
    DatasetDescription.Files gta5 = (DatasetDescription.Files) ResolvedData.dataset("gta5");
    FileIndex index = FileIndex.list(gta5, "s3a://faults/gta5", "all", true, hadoop);
    LabelMap map = new LabelMap("gta5", gta5.trainIds(ResolvedData.labelSpace("cityscapes-19")));
    try (FileSplit split =
        new FileSplit(
            index,
            map,
            new ImageDecoder(1 << 20),
            64,
            32,
            Normalisation.CAFFE,
            Image.Form.VALUES,
            hadoop)) {
      float[] expected = split.labelled(0).image().chw();
      proxy.set(first(2, fault, "/images/"));
      assertThat(split.labelled(0).image().chw()).isEqualTo(expected);
      assertThat(proxy.harmed()).isBetween(1, 2);
      proxy.set((method, target) -> target.contains("/images/") ? fault : Fault.NONE);
      assertThatThrownBy(() -> split.labelled(0))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read s3a://faults/gta5/images/")
          .hasMessageContaining("(attempt 3 of 3)");
    }
  }

  private static FaultyProxy.Faults first(int count, Fault fault, String part) {
    AtomicInteger left = new AtomicInteger(count);
    return (method, target) ->
        target.contains(part) && left.getAndDecrement() > 0 ? fault : Fault.NONE;
  }

  private static CheckpointStore store() throws IOException {
    Path path = new Path("s3a://faults/run-" + RUNS.incrementAndGet() + "/checkpoints");
    return new CheckpointStore(path, hadoop, IDENTITY, 3);
  }

  private static Checkpoint checkpoint(long iteration) {
    float[] values = new float[50_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = iteration + i;
    }
    LearnerState state =
        new LearnerState(
            List.of(
                new Vector("generator.parameters", values),
                new Vector("generator.velocity", new float[] {1, 2})));
    return new Checkpoint(iteration, Phase.SOURCE_ONLY, 0, state);
  }
}
