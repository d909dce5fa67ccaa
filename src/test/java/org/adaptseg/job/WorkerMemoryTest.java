package org.adaptseg.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.job.WorkerMemory.Machine;
import org.adaptseg.train.MemoryEstimate;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ResNet-101 at 512x256, some 5 GB per worker: 1.7 of heap, 3 beside it. */
class WorkerMemoryTest {
  private static final Machine LARGE = new Machine(8L << 30, 64L << 30);
  private static final RunConfig CONFIG =
      ConfigLoader.load(
          """
          run: {name: large}
          schedule: {phases: [{phase: adversarial, iterations: 10}]}
          output: {dir: unused}
          data:
            classes: synthetic-8
            source: {dataset: synthetic-source, split: train, width: 512, height: 256}
            target: {dataset: synthetic-target, split: train, width: 512, height: 256}
            evaluation: {dataset: synthetic-target, split: val, width: 512, height: 256}
          cluster: {workers: 4}
          """,
          "test",
          List.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "executor.memory=20g | executor memory beside the heap: expected at least",
        "executor.memory=1g,executor.memoryOverhead=20g | executor heap: expected at least",
        "executor.memory=4g,executor.memoryOverhead=4g,executor.cores=4"
            + " | 4 workers in an executor",
        "executor.memory=4g,executor.memoryOverhead=8g,driver.maxResultSize=100m"
            + " | results of a round: expected at least",
        "executor.memory=1g,executor.resource.gpu.amount=1 | executor heap"
      })
  void anExecutorThatIsTooSmallIsRefusedWithWhatToSet(String settings, String message) {
    assertThatThrownBy(() -> require(settings, LARGE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("computed: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "executor.memory=4g,executor.memoryOverhead=4g |",
        "executor.memory=4g,executor.memoryOverhead=4g,executor.cores=4,task.cpus=4 |",
        "executor.memory=4g,executor.resource.gpu.amount=1 |"
      })
  void oneThatIsLargeEnoughIsNot(String settings, String none) {
    assertThatCode(() -> require(settings, LARGE)).doesNotThrowAnyException();
  }

  @Test
  void allThatIsTooSmallIsSaidTogether() {
    assertThatThrownBy(() -> require("executor.memory=1g", new Machine(1L << 30, 64L << 30)))
        .hasMessageContaining("the driver's heap")
        .hasMessageContaining("executor heap")
        .hasMessageContaining("executor memory beside the heap");
  }

  @Test
  void inOneProcessTheWorkersShareTheMachine() {
    assertThatCode(() -> require("master=local[4]", LARGE)).doesNotThrowAnyException();
    assertThatThrownBy(() -> require("master=local[4]", new Machine(8L << 30, 12L << 30)))
        .hasMessageContaining("memory of this machine");
    assertThatThrownBy(() -> require("master=local[4]", new Machine(2L << 30, 64L << 30)))
        .hasMessageContaining("Java's heap");
  }

  private static void require(String settings, Machine machine) {
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");
    for (String setting : settings.split(",")) {
      String[] parts = setting.split("=");
      conf.set("spark." + parts[0], parts[1]);
    }
    WorkerMemory.require(CONFIG, MemoryEstimate.of(CONFIG, 8), conf, machine);
  }
}
