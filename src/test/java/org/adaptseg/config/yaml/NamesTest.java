package org.adaptseg.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.config.GanLoss;
import org.adaptseg.config.StrideOn;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void namesAreWrittenInKebabCase() {
    assertThat(Names.kebab("baseWidth")).isEqualTo("base-width");
    assertThat(Names.kebab("LEAST_SQUARES")).isEqualTo("least-squares");
    assertThat(Names.kebab("beta1")).isEqualTo("beta1");
    assertThat(Names.key(GanLoss.LEAST_SQUARES)).isEqualTo("least-squares");
    assertThat(Names.key(StrideOn.SPATIAL)).isEqualTo("3x3");
  }

  @Test
  void distanceCountsEdits() {
    assertThat(Names.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Names.distance("", "abc")).isEqualTo(3);
    assertThat(Names.distance("same", "same")).isZero();
  }

  @Test
  void aNameThatIsNearNoneHasNoHint() {
    assertThat(Names.hint("modle", List.of("loss", "model"))).isEqualTo(" (nearest is model)");
    assertThat(Names.hint("zzzz", List.of("loss", "model"))).isEmpty();
  }
}
