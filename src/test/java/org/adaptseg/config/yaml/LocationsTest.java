package org.adaptseg.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
  private static final Map<String, String> HOME = Map.of("HOME", "/home/ada/");

  private static String given(String text) {
    return Locations.given(text, HOME);
  }

  @Test
  void aTildeIsTheHomeDirectory() {
    assertThat(given("~")).isEqualTo("/home/ada");
    assertThat(given("~/runs/x")).isEqualTo("/home/ada/runs/x");
    assertThat(Locations.given("~/x", Map.of())).isEqualTo(System.getProperty("user.home") + "/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/x",
        "data/x~",
        "./~joe",
        "a:b",
        "s3a://bucket/~x",
        "x$HOME",
        "50%",
        "file:/x"
      })
  void otherPathsAreAsTheyAreWritten(String path) {
    assertThat(given(path)).isEqualTo(path);
  }

  @Test
  void aLineEndingOfWindowsIsNoPartOfAPath() {
    assertThat(given("/data/x\r")).isEqualTo("/data/x");
  }

  @ParameterizedTest
  @CsvSource({
    "~joe/x, others' home directories are written out",
    "$HOME/x, write ~/ for the home directory",
    "${DATA}/x, expected a path without variables",
    "%USERPROFILE%\\x, expected a path without variables",
    "C:\\data, one of Windows",
    "d:/data, may be at /mnt/d here",
    "file://data/x, whose first folder would be a host",
    "file:data/x, a relative path is written without file:"
  })
  void whatIsNoPathHereIsNamed(String path, String reason) {
    assertThatThrownBy(() -> given(path)).hasMessageContaining(path).hasMessageContaining(reason);
  }
}
