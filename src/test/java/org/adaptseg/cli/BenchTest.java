package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.testing.Ended;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {
  @Test
  void aSplitIsEvaluatedAsBeforeAndReadAheadWithTheSameCounts(@TempDir Path directory)
      throws IOException {
    new SyntheticWriter(new Configuration(false), 3, 96, 48)
        .writeCityscapes(
            directory.toString(),
            new SyntheticWriter.Streets(StreetDomain.TARGET.appearance(), 100, 3),
            new SyntheticWriter.Streets(StreetDomain.TARGET.appearance(), 200, 1));

    Ended ended =
        ProgramRun.of(
            List.of(
                "bench",
                "split",
                "--root=" + directory,
                "--width=64",
                "--height=32",
                "--layers=1,1,1,1",
                "--base-width=8",
                "--images=2",
                "--iterations=3"));

    assertThat(ended.code()).as(ended.all()).isZero();
    String[] lines = ended.out().strip().split("\n");
    assertThat(lines).hasSize(4);
    JsonNode result = new ObjectMapper().readTree(lines[3]);
    assertThat(result.get("images").asInt()).isEqualTo(2);
    assertThat(result.get("before_s").asDouble()).isPositive();
    assertThat(result.get("speed_up").asDouble())
        .isEqualTo(result.get("before_s").asDouble() / result.get("after_s").asDouble());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "step --width 64 --height 64 --layers 1,1,1,1 --base-width 8 --iterations 2",
        "step --width 64 --height 64 --layers 1,1,1,1 --base-width 8 --iterations 2"
            + " --discriminator-input self-information",
        "step --width 64 --height 64 --layers 1,1,1,1 --base-width 8 --iterations 2"
            + " --phase adversarial-self-training",
        "forward --width 64 --height 64 --layers 1,1,1,1 --base-width 8 --iterations 2",
        "evaluate --width 64 --height 32 --map-width 9 --map-height 5 --iterations 2"
      })
  void theLastLineIsJsonWithTimesAndMemory(String benchmark) throws IOException {
    Ended ended = ProgramRun.of(List.of(("bench " + benchmark).split(" ")));

    assertThat(ended.code()).as(ended.all()).isZero();
    String[] lines = ended.out().strip().split("\n");
    assertThat(lines[0]).startsWith("iteration 0 ");
    JsonNode result = new ObjectMapper().readTree(lines[lines.length - 1]);
    assertThat(result.get("median_s").asDouble()).isPositive();
    assertThat(result.get("min_s").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(result.get("median_s").asDouble());
    assertThat(result.get("peak_mb").asLong()).isPositive();
  }
}
