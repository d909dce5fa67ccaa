package org.adaptseg.spark.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.adaptseg.testing.LocalSpark;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SparkJobTest {
  private static LocalSpark spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start("local[1]");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static Object failing(Throwable failure) {
    return SparkJob.run(
        spark.context(),
        "test",
        "items",
        items -> {},
        job ->
            spark
                .context()
                .parallelize(List.of(1))
                .map(
                    one ->
                        SparkTask.run(
                            device -> {
                              if (failure instanceof Error error) {
                                throw error;
                              }
                              throw (Exception) failure;
                            }))
                .collect());
  }

  @Test
  void aSentenceOfATaskIsTheFailuresMessageWithAllItsProblems() {
    String sentence = "Cannot do it: expected a, found b (c):\n - d\n - e";
    assertThatThrownBy(() -> failing(new IOException("outer", new IOException(sentence))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(sentence)
        .hasCauseInstanceOf(SparkException.class);
  }

  @Test
  void aFailureWithoutASentenceIsNamedInOneLine() {
    assertThatThrownBy(() -> failing(new IOException("Broken pipe")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot finish the test: java.io.IOException: Broken pipe");
  }

  @Test
  void aMemoryLimitThatIsMetSaysWhatRaisesIt() {
    Error met = new OutOfMemoryError("physicalBytes (900M) > maxPhysicalBytes (800M)");
    assertThatThrownBy(() -> failing(new ExceptionInInitializerError(met)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("maxphysicalbytes of 800M");
  }

  @Test
  void aFailureOnTheDriverStaysWhatItIs() {
    IllegalArgumentException failure = new IllegalArgumentException("Cannot plan");
    assertThatThrownBy(
            () ->
                SparkJob.run(
                    spark.context(),
                    "test",
                    "items",
                    items -> {},
                    job -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void theDescriptionBeforeComesBack() {
    spark.context().setLocalProperty("spark.job.description", "before");
    String during =
        SparkJob.run(
            spark.context(),
            "test",
            "items",
            items -> {},
            job -> spark.context().getLocalProperty("spark.job.description"));

    assertThat(during).isEqualTo("test");
    assertThat(spark.context().getLocalProperty("spark.job.description")).isEqualTo("before");
  }
}
