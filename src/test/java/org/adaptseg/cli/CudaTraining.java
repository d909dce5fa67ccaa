package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ImitatedGpu;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Run by {@code CudaEngineTest}, in a process that has CUDA's libraries. */
@ExtendWith(ImitatedGpu.class)
class CudaTraining {
  private static final String[] ON_GPU = {
    "--set", "cluster.engine=cuda",
    "--set", "cluster.precision=float32",
    "--set", "schedule.phases=[{phase: adversarial, iterations: 4}]",
    "--set", "output.checkpoint-interval=2",
    "--resume"
  };

  @TempDir Path directory;

  /** Two rounds of two iterations; the second once more, from the first one's checkpoint. */
  @Test
  void twoWorkersTrainAndEvaluateAndGiveTheSameBitsWhenTheyResume() throws IOException {
    SmallTraining.succeed(Map.of(), SmallTraining.train(directory, ON_GPU));
    Path run = directory.resolve("run");
    Map<String, String> expected = SmallTraining.vectors(run);
    assertThat(run.resolve("scores.json")).content().contains("miou");
    FileUtils.deleteDirectory(run.resolve("checkpoints/iteration-0000004").toFile());

    Ended ended = SmallTraining.succeed(Map.of(), SmallTraining.train(directory, ON_GPU));

    assertThat(ended.all()).contains("iterations 2 to 4");
    assertThat(SmallTraining.vectors(run)).isEqualTo(expected);
  }
}
