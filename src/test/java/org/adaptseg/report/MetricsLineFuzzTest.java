package org.adaptseg.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.YamlMutations;
import org.adaptseg.train.RoundReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a line of {@code metrics.jsonl} holds, the answer is a line or a message. */
@Tag("faults")
class MetricsLineFuzzTest {
  private static final int INPUTS = 10_000;
  private static final long BYTES = 16L << 20;

  @Test
  void aLineIsReadOrRefused() {
    List<byte[]> seeds =
        Stream.of(
                "{\"kind\":\"round\",\"time\":1.5,\"iteration\":4,\"iterations\":2}",
                "{\"kind\":\"iteration\",\"iteration\":7,\"segmentation\":{\"main\":1.5}}",
                "{\"kind\":\"evaluation\",\"iteration\":8,\"miou\":null,\"classes\":[\"a\"]}")
            .map(line -> line.getBytes(StandardCharsets.UTF_8))
            .toList();
    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofMinutes(10),
            () ->
                Fuzz.run(
                    INPUTS,
                    seeds,
                    YamlMutations::mutate,
                    BYTES,
                    IOException.class,
                    line -> MetricsLine.parse(new String(line, StandardCharsets.UTF_8))));
    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  @Test
  void anIterationThatWasLeftOutReadsBack() throws IOException {
    MetricsLine line = MetricsLine.of(new RoundReport.Skipped(7, "a loss", "images/a.png"));
    String json = new String(line.json(), StandardCharsets.UTF_8);
    assertThat(json)
        .isEqualTo(
            "{\"kind\":\"skipped\",\"iteration\":7,\"what\":\"a"
                + " loss\",\"samples\":\"images/a.png\"}\n");
    MetricsLine read = MetricsLine.parse(json.strip());
    assertThat(read.kind()).isEqualTo(MetricsLine.Kind.SKIPPED);
    assertThat(read.end()).isEqualTo(8);
  }
}
