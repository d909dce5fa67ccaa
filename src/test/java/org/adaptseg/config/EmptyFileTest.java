package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.adaptseg.config.yaml.ConfigException;
import org.junit.jupiter.api.Test;

class EmptyFileTest {
  @Test
  void anEmptyFileIsSaidToBeOneWhateverIsOverridden() {
    assertThatThrownBy(() -> ConfigLoader.load("# nothing\n", "e.yaml", List.of("run.name=a")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("found nothing")
        .hasMessageNotContaining("run.name");
  }
}
