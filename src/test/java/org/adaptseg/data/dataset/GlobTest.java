package org.adaptseg.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "images/*.png images/a.png true",
        "images/*.png images/a/b.png false",
        "images/*.png images/a.PNG false",
        "*/*_x.png berlin/1_x.png true",
        "a?c abc true",
        "a?c ac false",
        "[a-c]x bx true",
        "[^a-c]x bx false",
        "[!a-c]x dx true",
        "*.{jpg,png} a.jpg true",
        "*.{jpg,png} a.gif false",
        "{a/b,c}/*.p a/b/x.p true",
        "{a/b,c}/*.p c/x.p true",
        "{a,{b,c}}d cd true",
        "*.{[jJ]pg,png} a.Jpg true",
        "a\\*b a*b true",
        "a\\*b axb false",
        "a(b) a(b) true",
        "a.c abc false",
        "[ [ true"
      })
  void aPatternMatchesAsThatOfHadoopDoes(String glob, String path, boolean matches) {
    assertThat(Glob.of(glob).matches(path)).isEqualTo(matches);
  }
}
