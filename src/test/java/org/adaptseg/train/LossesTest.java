package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.testing.LossTerms;
import org.junit.jupiter.api.Test;

class LossesTest {
  @Test
  void aMeanIsOverThoseThatHaveTheTermAndTheLevel() {
    Losses mean =
        Losses.mean(
            List.of(
                new LossTerms().term("segmentation", 1, 2).losses(),
                new LossTerms().term("segmentation", 3, 6).main("consistency", 0.5).losses()));

    assertThat(mean)
        .isEqualTo(new LossTerms().term("segmentation", 2, 4).main("consistency", 0.5).losses());
    assertThat(mean.terms().keySet()).containsExactly("segmentation", "consistency");
    assertThat(mean.terms().get("segmentation").keySet()).containsExactly(Level.AUX, Level.MAIN);
    assertThat(Losses.mean(List.of()).terms()).isEmpty();
  }

  @Test
  void aTermsNameCanBeAFieldATagAndAMetric() {
    for (String name : List.of("", "Seg", "a b", "a/b", "a.b", "1st", "a".repeat(41))) {
      assertThatThrownBy(() -> new Losses(Map.of(name, Map.of(Level.MAIN, 1.0))))
          .hasMessageContaining("expected small letters, digits and underscores, found '" + name);
    }
  }
}
