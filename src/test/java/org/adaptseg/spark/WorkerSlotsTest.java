package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.adaptseg.testing.LocalSpark;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerSlotsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task.resource.gpu.amount=1 | at least 1 for an executor, found 0",
        "executor.resource.gpu.amount=1 | expected spark.task.resource.gpu.amount=1",
        "executor.resource.gpu.amount=1,task.resource.gpu.amount=0.5 | one for each",
        "executor.resource.gpu.amount=1,task.resource.gpu.amount=1,executor.instances=3"
            + " | each of 4 workers (cluster.workers), found 3 executors of 1 GPUs",
        "executor.resource.gpu.amount=1,task.resource.gpu.amount=1,dynamicAllocation.enabled=true,"
            + "dynamicAllocation.maxExecutors=2 | found 2 executors of 1 GPUs",
      })
  void settingsThatCannotGiveEveryWorkerAGpuAreRefusedBeforeSparkStarts(
      String settings, String message) {
    assertThatThrownBy(() -> WorkerSlots.requirePlanned(conf(settings), 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "executor.instances=1 | 4",
        "executor.resource.gpu.amount=1,task.resource.gpu.amount=1,executor.instances=4 | 4",
        "executor.resource.gpu.amount=2,task.resource.gpu.amount=1,executor.instances=2 | 4",
        "executor.resource.gpu.amount=1,task.resource.gpu.amount=1 | 4",
      })
  void othersAreNot(String settings, int workers) {
    assertThatCode(() -> WorkerSlots.requirePlanned(conf(settings), workers))
        .doesNotThrowAnyException();
  }

  @Test
  void workersThatShareAPlaceAreSaidAndGoOn() {
    try (LocalSpark spark = LocalSpark.start("local[2]")) {
      assertThat(WorkerSlots.await(spark.context(), 2, SECOND)).isEmpty();
      assertThat(WorkerSlots.await(spark.context(), 5, SECOND))
          .hasValue(
              "5 workers (cluster.workers) share 2 places of this cluster: a round takes 3 turns");
    }
  }

  @Test
  void aClusterWithoutAPlaceIsNotWaitedForForEver() {
    assertThatThrownBy(() -> WorkerSlots.judge(2, 0, false, SECOND))
        .hasMessageContaining("expected executors for 2 workers (cluster.workers), found none");
    assertThat(WorkerSlots.judge(2, 2, true, SECOND)).isEqualTo(Optional.empty());
  }

  private static SparkConf conf(String settings) {
    SparkConf conf = new SparkConf(false);
    for (String setting : settings.split(",")) {
      String[] parts = setting.split("=");
      conf.set("spark." + parts[0], parts[1]);
    }
    return conf;
  }
}
