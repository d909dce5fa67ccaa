package org.adaptseg.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AblationPlanTest {
  private static final Path CONF = Path.of("conf");

  private static RunConfig load(String name, List<String> overrides) throws IOException {
    return ConfigLoader.load(
        Files.readString(CONF.resolve("carla-to-camvid-" + name + ".yaml")), name, overrides);
  }

  @ParameterizedTest
  @CsvSource({"multi-level, multi", "source-only, source-only", "self-training, self-training"})
  void rowsThatAreFilesTooTrainAlike(String row, String file) throws IOException {
    RunConfig base = load("multi", List.of());
    AblationPlan plan =
        new AblationPlan(
            base, base.schedule().iterations(), List.of(1L), List.of(1.0), List.of(row));
    RunConfig planned = load("multi", plan.runs().get(0).overrides());

    RunConfig found = load(file, List.of());

    assertThat(found.schedule()).isEqualTo(planned.schedule());
    assertThat(found.data()).isEqualTo(planned.data());
    assertThat(found.model()).isEqualTo(planned.model());
    assertThat(found.loss()).isEqualTo(planned.loss());
    assertThat(found.optimizer()).isEqualTo(planned.optimizer());
    assertThat(found.evaluation()).isEqualTo(planned.evaluation());
    assertThat(found.cluster()).isEqualTo(planned.cluster());
  }
}
