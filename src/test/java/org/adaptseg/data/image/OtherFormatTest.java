package org.adaptseg.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherFormatTest {
  @ParameterizedTest
  @CsvSource({
    "'RIFF\u0012\0\0\0WEBPVP8 ', a WebP picture",
    "'GIF89a', a GIF picture",
    "'II*\0\b\0\0\0', a TIFF picture",
    "'BM6\0\0\0\0\0\0\0', a BMP picture",
    "'\0\0\0\u001cftypheic', a HEIC or AVIF picture",
    "'\0\0\0\u0020ftypavif', a HEIC or AVIF picture",
    "'\u0093NUMPY\1\0', a NumPy array",
    "'version https://git-lfs.github.com/spec/v1\n', a pointer of Git LFS",
    "'<!DOCTYPE html>', a web page",
    "'PK\u0003\u0004', an archive",
    "'\0\0\0\0\0\0\0\0\0\0', only bytes of 0",
    "'P6\n2 2\n255\n', a PNM picture",
    "'', an empty file",
    "hello, neither's header"
  })
  void whatIsNoPngOrJpegIsNamedForWhatItIs(String file, String shown) {
    byte[] bytes = file.getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> new ImageDecoder(100).image(bytes, "here"))
        .hasMessageStartingWith("Cannot decode an image: expected PNG or JPEG, found " + shown)
        .hasMessageEndingWith("(here)");
    assertThat(ImageDecoder.isPngOrJpeg(bytes)).isFalse();
  }
}
