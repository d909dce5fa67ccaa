package org.adaptseg.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsFileTest {
  private static final List<String> CLASSES = List.of("road", "sky", "car");
  private static final RoundTimings TIMINGS =
      new RoundTimings(1.5, 1.25, 0.25, 2, 4096, 7, Map.of("generator", 0.5));

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsWhatIsDocumented() throws IOException {
    MetricsFile metrics = open();
    metrics.onStart(0, 4, List.of());
    round(metrics, Phase.SOURCE_ONLY, 0, 2);
    metrics.onSkipped(
        new RoundPlan(1, Phase.ADVERSARIAL, 2, 2, 0),
        List.of(new RoundReport.Skipped(2, "segmentation loss (main)", "street-7")));
    round(metrics, Phase.ADVERSARIAL, 2, 2);
    metrics.onRound(
        new RoundPlan(2, Phase.ENTROPY, 4, 1, 0),
        List.of(new RoundReport.Iteration(4, new LossTerms().main("entropy", 0.5).losses())),
        TIMINGS);
    LossTerms mixed = new LossTerms().main("mixed", 0.5).main("confident", 0.25);
    metrics.onRound(
        new RoundPlan(3, Phase.SELF_TRAINING, 5, 1, 0),
        List.of(new RoundReport.Iteration(5, mixed.losses())),
        TIMINGS);
    metrics.onEvaluation(6, matrix());
    metrics.onEnd(6);

    Map<String, Set<String>> written = new TreeMap<>();
    for (JsonNode line : lines()) {
      Set<String> fields =
          written.computeIfAbsent(line.path("kind").asText(), k -> new TreeSet<>());
      line.fieldNames().forEachRemaining(fields::add);
    }
    assertThat(written).isEqualTo(documented());
  }

  /** The first column of the tables of docs/metrics.md, by the kind in the heading above. */
  private static Map<String, Set<String>> documented() throws IOException {
    Pattern heading = Pattern.compile("### `(\\w+)`.*");
    Pattern row = Pattern.compile("\\| `(\\w+)` \\|.*");
    Map<String, Set<String>> fields = new TreeMap<>();
    String kind = "";
    for (String line : Files.readAllLines(Path.of("docs/metrics.md"))) {
      Matcher section = heading.matcher(line);
      Matcher field = row.matcher(line);
      if (line.startsWith("#")) {
        kind = section.matches() ? section.group(1) : "";
      } else if (field.matches() && !kind.isEmpty()) {
        fields.computeIfAbsent(kind, k -> new TreeSet<>()).add(field.group(1));
      }
    }
    return fields;
  }

  @Test
  void everyPhaseIsDocumentedAndNoOther() throws IOException {
    Matcher row =
        Pattern.compile("(?m)^\\| `phase` \\| \\| (.*`) \\|$")
            .matcher(Files.readString(Path.of("docs/metrics.md")));
    assertThat(row.find()).isTrue();
    List<String> documented =
        Pattern.compile("`([a-z-]+)`")
            .matcher(row.group(1))
            .results()
            .map(m -> m.group(1))
            .toList();

    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Phase.values()).map(Phase::key).toList());
  }

  @Test
  void anIterationHasTheLossesOfItsPhaseAndTheRatesAtIt() throws IOException {
    MetricsFile metrics = open();
    metrics.onStart(0, 4, List.of());
    round(metrics, Phase.SOURCE_ONLY, 0, 1);
    round(metrics, Phase.ADVERSARIAL, 500, 1);
    metrics.onEnd(1);

    assertThat(lines().get(0))
        .isEqualTo(
            json(
                "{'kind':'iteration','iteration':0,'phase':'source-only',"
                    + "'segmentation':{'aux':0.5,'main':0.0},"
                    + "'learning_rate':{'generator':0.01,'heads':0.1}}"));
    // Half of 1000 iterations are made, the power is 1: the rates are halved.
    assertThat(lines().get(2))
        .isEqualTo(
            json(
                "{'kind':'iteration','iteration':500,'phase':'adversarial',"
                    + "'segmentation':{'aux':0.5,'main':500.0},"
                    + "'adversarial':{'aux':null,'main':0.25},"
                    + "'discriminator':{'aux':0.75,'main':1.5},"
                    + "'learning_rate':{'generator':0.005,'heads':0.05,'discriminator':0.002}}"));
  }

  @Test
  void aTermThatNobodyKnowsIsRecordedByItsName() throws IOException {
    MetricsFile metrics = open();
    metrics.onStart(0, 4, List.of());
    Losses losses = new LossTerms().term("segmentation", 1, 2).main("consistency", 0.5).losses();
    metrics.onRound(
        new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0),
        List.of(new RoundReport.Iteration(0, losses)),
        TIMINGS);
    metrics.onEnd(1);

    assertThat(Files.readAllLines(file()).get(0))
        .isEqualTo(
            json("{'kind':'iteration','iteration':0,'phase':'source-only',"
                    + "'segmentation':{'aux':1.0,'main':2.0},'consistency':{'main':0.5},"
                    + "'learning_rate':{'generator':0.01,'heads':0.1}}")
                .toString());
  }

  @Test
  void aTermWithTheNameOfAnotherFieldIsRefused() throws IOException {
    MetricsFile metrics = open();
    for (String taken : List.of("kind", "iteration", "phase", "learning_rate")) {
      Losses losses = new LossTerms().main(taken, 0.5).losses();
      assertThatThrownBy(
              () ->
                  metrics.onRound(
                      new RoundPlan(0, Phase.SOURCE_ONLY, 0, 1, 0),
                      List.of(new RoundReport.Iteration(0, losses)),
                      TIMINGS))
          .hasMessageContaining("expected a name that no other field has, found " + taken);
    }
  }

  @Test
  void anEvaluationHasScoresAndCounts() throws IOException {
    MetricsFile metrics = open();
    metrics.onStart(0, 4, List.of());
    metrics.onEvaluation(4, matrix());

    JsonNode line = lines().get(0);
    // road: 3 of 4, sky: 0 of 1 (predicted only), car: neither labelled nor predicted.
    assertThat(line.path("iou")).isEqualTo(json("{'road':0.75,'sky':0.0,'car':null}"));
    assertThat(line.path("miou").asDouble()).isEqualTo(0.375);
    assertThat(line.path("precision")).isEqualTo(json("{'road':1.0,'sky':0.0,'car':null}"));
    assertThat(line.path("recall")).isEqualTo(json("{'road':0.75,'sky':null,'car':null}"));
    assertThat(line.path("f1").path("sky").asDouble()).isZero();
    assertThat(line.path("pixel_accuracy").asDouble()).isEqualTo(0.75);
    assertThat(line.path("frequency_weighted_iou").asDouble()).isEqualTo(0.75);
    assertThat(line.path("calibration_error").isNull()).isTrue();
    assertThat(line.path("confusion").toString()).isEqualTo("[[3,1,0],[0,0,0],[0,0,0]]");
    assertThat(line.path("classes").toString()).isEqualTo("[\"road\",\"sky\",\"car\"]");
    assertThat(line.path("iteration").asLong()).isEqualTo(4);
  }

  @Test
  void aResumedRunGoesOnWhereTheCheckpointWas() throws IOException {
    MetricsFile first = open();
    first.onStart(0, 8, List.of());
    round(first, Phase.ADVERSARIAL, 0, 2);
    round(first, Phase.ADVERSARIAL, 2, 2);
    first.beforeCheckpoint(4);
    first.onEvaluation(4, matrix());
    round(first, Phase.ADVERSARIAL, 4, 2);
    first.onFailure(new IllegalStateException("power cut"));
    assertThat(iterations()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);

    MetricsFile second = open();
    second.onStart(4, 8, List.of());
    second.onEvaluation(4, matrix());
    round(second, Phase.ADVERSARIAL, 4, 2);
    round(second, Phase.ADVERSARIAL, 6, 2);
    second.onEnd(8);
    assertThat(iterations()).isEqualTo(LongStream.range(0, 8).boxed().toList());
    assertThat(kinds()).isEqualTo(Map.of("iteration", 8, "round", 4, "evaluation", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ufeff%s", "%s\n \n"})
  void anEditorsMarkOrBlankLinesAreNoDamage(String written) throws IOException {
    MetricsFile first = open();
    first.onStart(0, 8, List.of());
    round(first, Phase.ADVERSARIAL, 0, 2);
    first.onEnd(2);
    String text = Files.readString(file()).replace("\n", "\r\n");
    Files.writeString(file(), String.format(Locale.ROOT, written, text));

    MetricsFile second = open();
    second.onStart(2, 8, List.of());
    round(second, Phase.ADVERSARIAL, 2, 2);
    second.onEnd(4);
    assertThat(iterations()).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void aNewRunDoesNotKeepTheLinesOfOneThatNeverSavedAnything() throws IOException {
    MetricsFile first = open();
    first.onStart(0, 8, List.of());
    round(first, Phase.ADVERSARIAL, 0, 3);
    first.onFailure(new IllegalStateException("power cut"));
    MetricsFile second = open();
    second.onStart(0, 8, List.of());
    round(second, Phase.ADVERSARIAL, 0, 2);
    second.onEnd(2);
    assertThat(iterations()).containsExactly(0L, 1L);
  }

  @Test
  void aRunThatNeverBeganTouchesNoFile() throws IOException {
    Files.writeString(file(), "another run's\n");
    open().onFailure(new IllegalStateException("expected no checkpoints"));
    assertThat(file()).hasContent("another run's\n");
  }

  @Test
  void aDamagedLineIsNamedAndTheFileLeftAlone() throws IOException {
    Files.writeString(file(), "{\"kind\":\"iteration\",\"iteration\":0}\n{\"kind\":\n");
    MetricsFile metrics = open();
    assertThatThrownBy(() -> metrics.onStart(2, 8, List.of()))
        .hasMessageStartingWith("Cannot append to the metrics: expected a JSON object, found: ")
        .hasMessageContaining("metrics.jsonl, line 2); correct or remove that line");
    metrics.onFailure(new IllegalStateException());
    assertThat(Files.readAllLines(file())).hasSize(2);
  }

  @Test
  void pausesBetweenWritesGrowFromSecondsToMinutes() {
    long[] now = {0};
    FlushTimer timer = new FlushTimer(() -> now[0]);
    List<Long> due = new ArrayList<>();
    for (long second = 0; second < 4000; second++) {
      now[0] = second * 1_000_000_000L;
      if (timer.isDue()) {
        due.add(second);
      }
    }
    assertThat(due)
        .containsExactly(10L, 30L, 70L, 150L, 310L, 630L, 1230L, 1830L, 2430L, 3030L, 3630L);
  }

  private MetricsFile open() throws IOException {
    return new MetricsFile(
        new org.apache.hadoop.fs.Path(directory.toUri()), new Configuration(), rates(), CLASSES);
  }

  private static LearningRates rates() throws IOException {
    return LearningRates.of(
        ConfigLoader.load(
            Files.readString(Path.of("conf/demo.yaml")),
            "demo",
            List.of(
                "optimizer.generator.learning-rate=0.01",
                "optimizer.discriminator.learning-rate=0.004",
                "optimizer.decay.power=1",
                "optimizer.decay.total-iterations=1000",
                "cluster.workers=1")));
  }

  private static void round(MetricsFile metrics, Phase phase, long first, int iterations) {
    List<RoundReport.Iteration> losses = new ArrayList<>();
    for (long i = first; i < first + iterations; i++) {
      LossTerms terms =
          new LossTerms()
              .term("segmentation", 0.5, i)
              .term("adversarial", Double.NaN, 0.25)
              .term("discriminator", 0.75, 1.5)
              .in(phase);
      losses.add(new RoundReport.Iteration(i, terms.losses()));
    }
    metrics.onRound(new RoundPlan(0, phase, first, iterations, 0), losses, TIMINGS);
  }

  private static ConfusionMatrix matrix() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 0, 0, 0, -1}, new byte[] {0, 0, 0, 1, 2});
    return matrix;
  }

  private Path file() {
    return directory.resolve("metrics.jsonl");
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(file())) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  private List<Long> iterations() throws IOException {
    return lines().stream()
        .filter(line -> line.path("kind").asText().equals("iteration"))
        .map(line -> line.path("iteration").asLong())
        .toList();
  }

  private Map<String, Integer> kinds() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    lines().forEach(line -> counts.merge(line.path("kind").asText(), 1, Integer::sum));
    return counts;
  }
}
