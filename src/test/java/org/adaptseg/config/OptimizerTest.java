package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private static final String SPLIT =
      "{dataset: synthetic-source, split: %s, width: %d, height: 32, weight: 1}";

  @Test
  void anIterationTakesTheImagesOfAllItsPasses() {
    RunConfig config = TinyRun.config("optimizer={iter-size: 3, batch-size: 2}");

    assertThat(config.optimizer().imagesOfAnIteration()).isEqualTo(6);
  }

  @Test
  void aBatchOfImagesOfSeveralSizesIsRefused() {
    String splits =
        "data.source=[%s, %s]".formatted(SPLIT.formatted("train", 64), SPLIT.formatted("val", 96));
    TinyRun.config(splits);

    assertThatThrownBy(() -> TinyRun.config(splits, "optimizer.batch-size=2"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "batch-size 1 where the splits of a domain have different sizes, found 2");
  }
}
