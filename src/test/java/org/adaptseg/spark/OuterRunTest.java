package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.checkpoint.RunIdentity;
import org.adaptseg.config.Cluster;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig.PhasePlan;
import org.adaptseg.spark.TrainingRun.Start;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.SharedSpark;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.schedule.Schedule;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OuterRunTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[2]");

  private static final LinearLearner.Factory FACTORY = new LinearLearner.Factory(3, 301);
  private static final Schedule SCHEDULE =
      new Schedule(List.of(new PhasePlan(Phase.ADVERSARIAL, 12)), 2, 0, 6);

  @TempDir Path directory;

  private LearnerState run(Start start) throws IOException {
    CheckpointStore store =
        new CheckpointStore(
            new org.apache.hadoop.fs.Path(directory.toUri()),
            new Configuration(),
            new RunIdentity("linear", 3, "c0ffee", List.of(), Map.of(), Map.of()),
            3);
    Cluster.Outer outer = new Cluster.Outer(Cluster.OuterNetworks.BOTH, 0.9, 0.7, true);
    try (RoundRunner rounds =
        new RoundRunner(
            SPARK.get().context(),
            FACTORY,
            3,
            Slicing.exactly(4),
            outer,
            Cluster.Exchange.FLOAT32)) {
      Checkpoint last =
          new TrainingRun(SCHEDULE, FACTORY, rounds, store, Optional.empty(), List.of()).run(start);
      return last.state();
    }
  }

  @Test
  void resumingKeepsTheVelocityAndSoTheBits() throws IOException {
    LearnerState through = run(Start.NEW);
    assertThat(through.vectors())
        .extracting(LearnerState.Vector::name)
        .contains("generator.outer-velocity", "discriminator-main.outer-velocity");
    try (Stream<Path> last = Files.walk(directory.resolve("iteration-0000012"))) {
      for (Path path : last.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }

    LearnerState resumed = run(Start.RESUME);

    for (LearnerState.Vector vector : through.vectors()) {
      assertThat(resumed.values(vector.name())).as(vector.name()).containsExactly(vector.values());
    }
  }
}
