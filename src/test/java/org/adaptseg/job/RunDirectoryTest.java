package org.adaptseg.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointException;
import org.adaptseg.config.Phase;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.train.LearnerState;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir private Path directory;

  private RunDirectory run() {
    RunConfig config = Configurations.demo(List.of("output.dir=" + directory));
    return new RunDirectory(config, ResolvedData.of(config.data()), new Configuration(false));
  }

  @Test
  void aNewRunIsRefusedBesideTheBestCheckpointOfAnother() throws IOException {
    assertThatCode(() -> run().requireNew()).doesNotThrowAnyException();
    LearnerState state =
        new LearnerState(List.of(new LearnerState.Vector("generator.parameters", new float[3])));
    run()
        .checkpoints(BestOnTarget.DIRECTORY, 1)
        .save(new Checkpoint(4, Phase.ADVERSARIAL, 4, state));

    assertThatThrownBy(() -> run().requireNew())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("expected no checkpoints, found 1, the newest of iteration 4")
        .hasMessageContaining(BestOnTarget.DIRECTORY);
  }

  @Test
  void aCheckpointThatCannotBeUsedIsNamedWithItsReason() throws IOException {
    Path state = directory.resolve("checkpoints/iteration-0000004/state.json");
    Files.createDirectories(state.getParent());
    Files.writeString(state, "{\"format\": 2, \"remark\": \"mine\"}");

    assertThatThrownBy(() -> run().checkpoint(null, new ArrayList<>()))
        .hasMessageStartingWith("Cannot resume: expected a complete checkpoint, found none (")
        .hasMessageContaining("\n - Passed over ")
        .hasMessageContaining("state.json");
  }

  @Test
  void aNewRunIsRefusedBesideScoresOfAnothersBestCheckpoint() throws IOException {
    Files.writeString(directory.resolve(BestOnTarget.SCORES), "{}");

    assertThatThrownBy(() -> run().requireNew())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(BestOnTarget.SCORES);
  }
}
