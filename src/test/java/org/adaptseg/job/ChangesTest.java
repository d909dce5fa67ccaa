package org.adaptseg.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.adaptseg.config.RunConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangesTest {
  /** A key that is in none was forgotten: does it matter to a run that resumes? */
  @ParameterizedTest
  @ValueSource(strings = {"demo.yaml", "gta5-to-cityscapes-multi.yaml"})
  void everyKeyOfAConfigurationIsInOneRoom(String name) {
    RunConfig config =
        Configurations.read(
            Path.of("conf", name).toString(),
            List.of(
                "initial-weights.rename=[a.=]",
                "initial-weights.skip=[b.]",
                "cluster.averaging-interval=[{iterations: 5, until: 0.3}, 50]"));

    assertThat(Changes.values(config).keySet())
        .hasSizeGreaterThan(60)
        .allSatisfy(key -> assertThat(Changes.rooms(key)).as(key).isOne());
  }
}
