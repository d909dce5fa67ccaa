package org.adaptseg.data.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.yaml.ConfigException;
import org.junit.jupiter.api.Test;

class LabelIdsTest {
  private static LabelIds of(String dataset, String space) {
    return LabelIds.of(ResolvedData.dataset(dataset), ResolvedData.labelSpace(space));
  }

  @Test
  void trainIdsOfCityscapesBecomeTheIdsThatItsServerWants() {
    assertThat(of("cityscapes", "cityscapes-19").rawIds())
        .containsExactly(7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33);
    assertThat(of("cross-city", "cityscapes-13").rawIds())
        .containsExactly(7, 8, 11, 19, 20, 21, 23, 24, 25, 26, 28, 32, 33);
  }

  @Test
  void everyDatasetHasItsOwnIds() {
    assertThat(of("synthia", "cityscapes-13").rawIds())
        .containsExactly(3, 4, 2, 15, 9, 6, 1, 10, 17, 8, 19, 12, 11);
    assertThat(of("folders", "synthetic-8").rawIds()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    // road, sidewalk, building, vegetation, sky, person, car, pole
    assertThat(of("synthetic-target", "synthetic-8").rawIds())
        .isEqualTo(List.of(7, 8, 11, 21, 23, 24, 26, 17));
  }

  @Test
  void aClassWithoutAnIdIsRefused() {
    assertThatThrownBy(() -> of("cross-city", "cityscapes-19"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "found none in cross-city for wall, fence, pole, terrain, truck, train");
  }
}
