package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "step --width 64 --height 64 --layers 1,1,1,1 --base-width 8 --iterations 2",
        "step --width 64 --height 64 --layers 1,1,1,1 --base-width 8 --iterations 2"
            + " --discriminator-input self-information",
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
