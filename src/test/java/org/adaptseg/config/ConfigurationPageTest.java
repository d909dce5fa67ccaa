package org.adaptseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is what the records say. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("docs/configuration.md");

  @Test
  void thePageIsUpToDate() throws IOException {
    String page = ConfigurationPage.write(Path.of("src/main/java/org/adaptseg/config"));
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE))
        .as("regenerate it: mvn test -Dtest=ConfigurationPageTest -Dregenerate=true")
        .isEqualTo(page);
  }
}
