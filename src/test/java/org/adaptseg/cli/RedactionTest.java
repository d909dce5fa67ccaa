package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.SparkRedaction;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("faults")
class RedactionTest {
  private static final String YAML =
      """
      run: {name: redaction}
      schedule: {phases: [{phase: adversarial, iterations: 1}]}
      output: {dir: runs/redaction}
      data:
        classes: synthetic-8
        source: {dataset: synthetic-source, split: train, width: 64, height: 32}
        target: {dataset: synthetic-target, split: train, width: 64, height: 32}
        evaluation: {dataset: synthetic-target, split: val, width: 64, height: 32}
      cluster: {threads-per-worker: 1}
      """;

  /** Settings that hold something nobody may see, by what is secret in them. */
  private static final Map<String, String> SECRETS =
      Map.of(
          "spark.hadoop.fs.s3a.access.key", "unseen-one",
          "spark.hadoop.fs.s3a.secret.key", "unseen-two",
          "spark.hadoop.fs.s3a.session.token", "unseen-three",
          "spark.hadoop.fs.s3a.encryption.key", "unseen-four",
          "spark.hadoop.fs.azure.account.key.a.blob.core.windows.net", "unseen-five",
          "spark.executorEnv.AWS_ACCESS_KEY_ID", "unseen-six",
          "spark.executorEnv.AWS_SECRET_ACCESS_KEY", "unseen-seven",
          "spark.hadoop.some.uri", "s3a://user:unseen-eight@bucket/x",
          "spark.driver.note", "--conf spark.hadoop.fs.s3a.secret.key=unseen-nine",
          "spark.hadoop.fs.s3a.bucket.b.secret.key", "unseen-ten");

  @Test
  void sparksPagesShowSettingsButNoSecret() throws Exception {
    Map<String, String> settings = new TreeMap<>(SECRETS);
    settings.put("spark.ui.enabled", "true");
    settings.put("spark.ui.port", "0");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.hadoop.fs.s3a.endpoint", "http://shown.example");
    settings.forEach(System::setProperty);
    RunConfig config = ConfigLoader.load(YAML, "the test", List.of());
    try (SparkHandle spark = SparkHandle.open(config)) {
      String ui = spark.context().sc().uiWebUrl().get();
      String id = spark.context().sc().applicationId();
      String pages =
          get(ui + "/environment/") + get(ui + "/api/v1/applications/" + id + "/environment");
      assertThat(pages).contains("http://shown.example").contains("redacted");
      assertThat(pages).doesNotContain("unseen");
      // What is hidden is still used.
      assertThat(spark.context().hadoopConfiguration().get("fs.s3a.secret.key"))
          .isEqualTo("unseen-two");
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  private static String get(String uri) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(uri)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(uri).isEqualTo(200);
    return answer.body();
  }

  @Test
  void whatAUserHidesStaysHidden() {
    SparkConf conf = new SparkConf(false).set(SparkRedaction.SETTING, "(?i)colour");
    SparkRedaction.apply(conf);
    String expression = conf.get(SparkRedaction.SETTING);
    assertThat("spark.my.Colour").containsPattern(expression);
    assertThat("spark.hadoop.fs.s3a.secret.key").containsPattern(expression);
    assertThat("hdfs://user@host:8020/a:b@c").doesNotContainPattern(expression);
    assertThat("spark.hadoop.fs.s3a.endpoint").doesNotContainPattern(expression);
  }

  @Test
  void aLocationWithAPasswordIsRefusedAndNotRepeated() {
    for (String key :
        List.of(
            "output.dir",
            "data.source.root",
            "data.target.dataset",
            "data.evaluation.root",
            "data.classes")) {
      String override = key + "=s3a://AKIA:hidden@bucket/a.yaml";
      assertThatThrownBy(() -> ConfigLoader.load(YAML, "the test", List.of(override)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(
              key + ": expected a location without user and password (credentials belong into")
          .hasMessageNotContaining("hidden");
    }
    assertThatThrownBy(() -> Configurations.read("s3a://AKIA:hidden@bucket/a.yaml", List.of()))
        .hasMessageContaining("without user and password")
        .hasMessageNotContaining("hidden");
    String user = "abfss://container@account.dfs.core.windows.net/streets";
    ConfigLoader.load(YAML, "the test", List.of("data.source.root=" + user));
  }
}
