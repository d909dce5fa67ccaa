package org.adaptseg.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void aMarkedTextIsReadInItsEncoding(String charset) {
    byte[] bytes = "\uFEFFa: é\r\n".getBytes(Charset.forName(charset));

    assertThat(Texts.isText(bytes)).isTrue();
    assertThat(Texts.decode(bytes)).isEqualTo("a: é\r\n");
  }

  @Test
  void otherBytesAreNoText() {
    assertThat(Texts.isText(new byte[] {'a', (byte) 0xE9, 'b'})).isFalse();
    assertThat(Texts.isText(new byte[] {'a', 0})).isFalse();
    assertThat(Texts.isText("é".getBytes(Charset.forName("UTF-8")))).isTrue();
  }
}
