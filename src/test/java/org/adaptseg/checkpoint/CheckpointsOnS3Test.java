package org.adaptseg.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.adaptseg.config.Phase;
import org.adaptseg.testing.S3Server;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints in a bucket of a real S3 server, which has no rename and no directories. */
@Tag("cluster")
@Tag("s3")
@Tag("slow")
class CheckpointsOnS3Test {
  private static final RunIdentity IDENTITY =
      new RunIdentity(
          "net", 1, "c", List.of("road", "sky"), Map.of("data.classes", "abc"), Map.of("v", "1"));

  /** The least that S3 lets a part be. */
  private static final int PART = 5 << 20;

  @TempDir private static Path directory;
  private static S3Server server;
  private static Configuration hadoop;

  @BeforeAll
  static void start() {
    server = S3Server.start(directory, "runs");
    hadoop = server.hadoop();
    hadoop.setInt("fs.s3a.multipart.size", PART);
    hadoop.setInt("fs.s3a.multipart.threshold", PART);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aStateOfSeveralPartsIsReadAsItWasSaved() throws IOException {
    CheckpointStore store = store("s3a://runs/Läufe/run 1+2/checkpoints", 3);
    LearnerState state = state(5, 3 * PART / Float.BYTES / 2);
    String saved = store.save(new Checkpoint(20, Phase.ADVERSARIAL, 20, state));

    Checkpoint found = store.newest().checkpoint().orElseThrow();
    assertThat(found.iteration()).isEqualTo(20);
    assertThat(found.state().values("generator.parameters"))
        .isEqualTo(state.values("generator.parameters"));
    assertThat(parts(saved + "/generator.parameters.f32")).isEqualTo(2);
  }

  @Test
  void onlyTheNewestStayAndOneWithoutItsLastFileIsPassedOver() throws IOException {
    CheckpointStore store = store("s3a://runs/kept", 2);
    String third = "";
    for (int i = 1; i <= 3; i++) {
      third = store.save(new Checkpoint(i, Phase.ADVERSARIAL, i, state(i, 100)));
    }
    try (FileSystem files = FileSystem.newInstance(java.net.URI.create("s3a://runs"), hadoop)) {
      var root = new org.apache.hadoop.fs.Path("s3a://runs/kept");
      assertThat(files.listStatus(root))
          .extracting(status -> status.getPath().getName())
          .containsExactly("iteration-0000002", "iteration-0000003");
      files.delete(new org.apache.hadoop.fs.Path(third, "state.json"), false);
    }
    CheckpointStore.Found found = store.newest();
    assertThat(found.checkpoint().orElseThrow().iteration()).isEqualTo(2);
    assertThat(found.notes()).anySatisfy(note -> assertThat(note).contains("iteration-0000003"));
  }

  /** S3 ends the ETag of an object of n parts with -n. */
  private static int parts(String uri) throws IOException {
    var path = new org.apache.hadoop.fs.Path(uri);
    try (FileSystem files = path.getFileSystem(hadoop)) {
      FileStatus status = files.getFileStatus(path);
      String tag = ((EtagSource) status).getEtag().replace("\"", "");
      return tag.contains("-") ? Integer.parseInt(tag.substring(tag.indexOf('-') + 1)) : 1;
    }
  }

  private static CheckpointStore store(String uri, int keep) throws IOException {
    return new CheckpointStore(new org.apache.hadoop.fs.Path(uri), hadoop, IDENTITY, keep);
  }

  private static LearnerState state(long seed, int size) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble();
    }
    return new LearnerState(
        List.of(new Vector("generator.parameters", values), new Vector("small", new float[3])));
  }
}
