package org.adaptseg.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.adaptseg.config.yaml.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets never reach a page. */
class RedactionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "fs.s3a.secret.key",
        "password",
        "Passwd",
        "auth-token",
        "accessKey",
        "access.key",
        "api_key",
        "credentials",
        "private-key"
      })
  void valuesOfSecretKeysAreHidden(String key) {
    assertThat(Redaction.ofYaml("a: {\"" + key + "\": SESAME, other: shown}"))
        .doesNotContain("SESAME")
        .contains("(hidden)", "shown");
  }

  @Test
  void everythingBelowASecretKeyIsHidden() {
    assertThat(Redaction.ofYaml("tokens: [SESAME, {deep: SESAME, number: 4711}]"))
        .doesNotContain("SESAME", "4711");
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://KEY:SESAME@bucket/x, s3a://(hidden)@bucket/x",
    "https://user@host/x, https://(hidden)@host/x",
    "https://host/x?sig=SESAME&v=1, https://host/x?sig=(hidden)&v=1",
    "/data/user@host, /data/user@host",
    "hdfs://name:8020/x, hdfs://name:8020/x"
  })
  void secretsInsideAddressesAreHidden(String text, String shown) {
    assertThat(Secrets.hide(text)).isEqualTo(shown);
  }

  @Test
  void theRestStaysAsItIs() {
    assertThat(Redaction.ofYaml("b: 1\na: [0.5, true, text]\nhead-rates: []"))
        .isEqualTo("b: 1\na:\n- 0.5\n- true\n- text\nhead-rates: []\n");
  }
}
