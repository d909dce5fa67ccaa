package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.config.Phase;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.schedule.RoundPlan;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Spark's own Prometheus servlet delivers of a run. */
class TrainingMetricsTest {
  private static final String PREFIX = "metrics_some_run_driver_training_";
  private static LocalSpark spark;

  private final TrainingMetrics metrics = new TrainingMetrics();

  @BeforeAll
  static void start() {
    spark =
        LocalSpark.start(
            "local[1]",
            Map.of(
                "spark.ui.enabled", "true",
                "spark.ui.port", "0",
                "spark.metrics.namespace", "some-run",
                "spark.metrics.conf.*.sink.prometheusServlet.class",
                    "org.apache.spark.metrics.sink.PrometheusServlet",
                "spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void register() {
    metrics.onStart(0, 300, List.of());
  }

  @Test
  void lossesScoresAndCountsArriveAtTheSink() throws Exception {
    round(Phase.ADVERSARIAL, 0, 20);
    round(Phase.ADVERSARIAL, 20, 20);
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(new byte[] {0, 0, 0, 1, 1, 1, 1}, new byte[] {0, 0, 0, 1, 1, 1, 0});
    metrics.onEvaluation(40, matrix);

    Map<String, Double> expected = new TreeMap<>();
    expected.put("loss_segmentation_aux_Value", 21.0);
    expected.put("loss_segmentation_main_Value", 2.5);
    expected.put("loss_adversarial_aux_Value", 0.25);
    expected.put("loss_adversarial_main_Value", 3.5);
    expected.put("loss_discriminator_aux_Value", 0.75);
    expected.put("loss_discriminator_main_Value", 4.5);
    expected.put("loss_entropy_aux_Value", 0.125);
    expected.put("loss_entropy_main_Value", 0.25);
    expected.put("loss_mixed_aux_Value", 0.5);
    expected.put("loss_mixed_main_Value", 0.75);
    expected.put("loss_confident_main_Value", 0.625);
    expected.put("divergence_generator_Value", 0.5);
    expected.put("divergence_discriminator_aux_Value", 1.5);
    expected.put("divergence_discriminator_main_Value", 2.0);
    expected.put("miou_Value", 0.75);
    expected.put("iteration_Value", 40.0);
    expected.put("iterations_total_Value", 300.0);
    expected.put("iterations_skipped_Count", 0.0);
    expected.put("round_seconds_Value", 1.5);
    expected.put("step_seconds_Value", 1.25);
    expected.put("input_wait_seconds_Value", 0.5);
    expected.put("rounds_Count", 2.0);
    expected.put("bytes_averaged_Count", 8192.0);
    expected.put("samples_decoded_Count", 14.0);
    assertThat(delivered()).containsExactlyEntriesOf(expected);
  }

  @Test
  void whatIsNotComputedIsAbsentAndLaterNoNumber() throws Exception {
    round(Phase.SOURCE_ONLY, 0, 20);
    assertThat(delivered())
        .containsEntry("loss_segmentation_main_Value", 2.5)
        .doesNotContainKey("loss_adversarial_main_Value");

    round(Phase.ADVERSARIAL, 20, 20);
    round(Phase.SOURCE_ONLY, 40, 20);
    assertThat(delivered())
        .containsEntry("loss_segmentation_main_Value", 2.5)
        .containsEntry("loss_adversarial_main_Value", Double.NaN)
        .containsEntry("loss_discriminator_aux_Value", Double.NaN)
        .containsEntry("divergence_generator_Value", 0.5)
        .containsEntry("divergence_discriminator_main_Value", Double.NaN)
        .containsEntry("miou_Value", Double.NaN);
  }

  @Test
  void aTermThatNobodyKnowsIsDeliveredByItsName() throws Exception {
    metrics.onRound(
        new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0),
        List.of(new RoundReport.Iteration(0, new LossTerms().main("consistency", 0.5).losses())),
        new RoundTimings(1.5, 1.25, 0.5, 2, 4096, 7));
    assertThat(delivered()).containsEntry("loss_consistency_main_Value", 0.5);
  }

  @Test
  void aSecondRunInTheContextTakesThePlaceOfTheFirst() throws Exception {
    round(Phase.ADVERSARIAL, 0, 20);
    TrainingMetrics second = new TrainingMetrics();
    second.onStart(100, 300, List.of());
    assertThat(delivered())
        .containsEntry("iteration_Value", 100.0)
        .containsEntry("rounds_Count", 0.0)
        .doesNotContainKey("loss_segmentation_aux_Value");
  }

  @Test
  void theDashboardShowsEveryMetricAndNoOther() throws Exception {
    round(Phase.ADVERSARIAL, 0, 20);
    List<String> names = delivered().keySet().stream().map(name -> PREFIX + name).toList();
    JsonNode dashboard =
        new ObjectMapper().readTree(Path.of("docs/grafana/training.json").toFile());
    Pattern selector = Pattern.compile("__name__=~\"([^\"]+)\"");
    List<String> shown = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String expression = target.path("expr").asText();
        Matcher matcher = selector.matcher(expression);
        assertThat(matcher.find()).as(expression).isTrue();
        String pattern = matcher.group(1).replace("${namespace}", "some_run");
        List<String> found = names.stream().filter(name -> name.matches(pattern)).toList();
        assertThat(found).as(expression).isNotEmpty();
        shown.addAll(found);
      }
    }
    assertThat(shown).containsExactlyInAnyOrderElementsOf(names);

    JsonNode variable = dashboard.path("templating").path("list").get(1);
    Matcher namespaces = selector.matcher(variable.path("query").path("query").asText());
    assertThat(namespaces.find()).isTrue();
    assertThat(names).anyMatch(name -> name.matches(namespaces.group(1)));
  }

  @Test
  void theDocumentedMetricsAreTheDeliveredOnes() throws Exception {
    round(Phase.ADVERSARIAL, 0, 20);
    Matcher row =
        Pattern.compile("(?m)^\\| `([a-z.*-]+)` \\| (gauge|counter) \\|")
            .matcher(Files.readString(Path.of("docs/metrics.md")));
    List<String> documented = new ArrayList<>();
    while (row.find()) {
      String suffix = row.group(2).equals("gauge") ? "_Value" : "_Count";
      for (String level : List.of("aux", "main")) {
        documented.add(row.group(1).replace("*", level).replaceAll("[.-]", "_") + suffix);
      }
    }
    assertThat(documented.stream().distinct())
        .containsExactlyInAnyOrderElementsOf(delivered().keySet());
  }

  private void round(Phase phase, long first, int iterations) {
    List<RoundReport.Iteration> losses = new ArrayList<>();
    for (long value = 20; value <= 22; value++) {
      LossTerms terms =
          new LossTerms()
              .term("segmentation", value, 2.5)
              .term("adversarial", 0.25, 3.5)
              .term("discriminator", 0.75, 4.5)
              .term("entropy", 0.125, 0.25)
              .term("mixed", 0.5, 0.75)
              .main("confident", 0.625)
              .in(phase);
      losses.add(new RoundReport.Iteration(value, terms.losses()));
    }
    RoundTimings timings =
        new RoundTimings(
            1.5,
            1.25,
            0.5,
            2,
            4096,
            7,
            phase == Phase.SOURCE_ONLY
                ? Map.of("generator", 0.5)
                : Map.of("generator", 0.5, "discriminator-aux", 1.5, "discriminator-main", 2.0));
    metrics.onRound(new RoundPlan(0, phase, first, iterations, 0), losses, timings);
  }

  /** Our metrics by name without the common prefix. */
  private static TreeMap<String, Double> delivered() throws IOException, InterruptedException {
    String page = spark.context().sc().uiWebUrl().get() + "/metrics/prometheus/";
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(page)).timeout(Duration.ofMinutes(1)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    Matcher line =
        Pattern.compile("(?m)^" + PREFIX + "(\\w+_(?:Value|Count))\\{[^}]*\\} (\\S+)$")
            .matcher(response.body());
    TreeMap<String, Double> values = new TreeMap<>();
    while (line.find()) {
      values.put(line.group(1), Double.valueOf(line.group(2)));
    }
    return values;
  }
}
