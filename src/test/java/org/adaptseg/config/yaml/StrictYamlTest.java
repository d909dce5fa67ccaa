package org.adaptseg.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.adaptseg.config.GanLoss;
import org.adaptseg.config.data.DatasetDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictYamlTest {
  record Everything(
      int count,
      long big,
      double real,
      boolean flag,
      String text,
      GanLoss gan,
      List<Integer> list,
      Map<Integer, String> map,
      @Default("4") int optional) {}

  private static final String EVERYTHING =
      """
      count: -5
      big: 9000000000
      real: 1e-3
      flag: true
      text: no
      gan: least-squares
      list: [1, 2]
      map: {7: road, 8: "12"}
      """;

  @Test
  void everyTypeIsRead() {
    assertThat(read(EVERYTHING))
        .isEqualTo(
            new Everything(
                -5,
                9_000_000_000L,
                0.001,
                true,
                "no",
                GanLoss.LEAST_SQUARES,
                List.of(1, 2),
                Map.of(7, "road", 8, "12"),
                4));
  }

  @Test
  void whatIsWrittenReadsBack() {
    Everything value = read(EVERYTHING + "optional: 9\n");

    assertThat(read(StrictYaml.write(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "1d", "0x1p3", "[1]", "{a: 1}", "~", "''"})
  void whatIsNoNumberIsRefused(String text) {
    assertThatThrownBy(() -> read(EVERYTHING.replace("1e-3", text)))
        .hasMessageContaining("real: expected a number, found")
        .hasMessageContaining("(e.yaml line 3)");
  }

  @Test
  void aDecimalCommaIsNamed() {
    assertThatThrownBy(() -> read(EVERYTHING.replace("1e-3", "0,001")))
        .hasMessageContaining(
            "real: expected a number, found '0,001', whose decimal point is a comma (e.yaml line 3)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "1.5", "five", "0x10"})
  void whatIsNoIntIsRefused(String text) {
    assertThatThrownBy(() -> read(EVERYTHING.replace("-5", text)))
        .hasMessageContaining("count: expected an integer, found '" + text + "' (e.yaml line 1)");
  }

  @Test
  void aListEntryOfAnotherTypeIsNamedByItsIndex() {
    assertThatThrownBy(() -> read(EVERYTHING.replace("[1, 2]", "[1, two]")))
        .hasMessageContaining("list[1]: expected an integer, found 'two' (e.yaml line 7)");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThatThrownBy(() -> read(EVERYTHING + "count: 6\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("count")
        .hasMessageContaining("line 9");
  }

  @Test
  void twoSpellingsOfOneKeyAreRefused() {
    assertThatThrownBy(() -> read(EVERYTHING.replace("8: \"12\"", "+7: x")))
        .hasMessageContaining("map.+7: expected each key once, found it again (e.yaml line 8)");
  }

  @Test
  void aliasesAreRefused() {
    assertThatThrownBy(() -> read(EVERYTHING.replace("-5", "&a 5").replace("'12'", "x") + "b: *a"))
        .hasMessageContaining(
            "found the alias *a, which is not replaced here; write out what it stands for (e.yaml line 9)");
  }

  @Test
  void tagsOfForeignTypesAreRefused() {
    assertThat(read(EVERYTHING.replace("count: -5", "count: !!int -5")).count()).isEqualTo(-5);
    assertThatThrownBy(() -> read(EVERYTHING.replace("-5", "!!python/object:os.system 5")))
        .hasMessageContaining(
            "without a tag, found !<tag:yaml.org,2002:python/object:os.system> (e.yaml line 1)");
  }

  @Test
  void textBeyondTheBoundIsRefused() {
    assertThatThrownBy(() -> read("#".repeat(1 << 20) + "\n"))
        .hasMessageContaining("expected at most 1048576 characters, found 1048577");
  }

  @Test
  void nestingBeyondTheBoundIsRefused() {
    assertThatThrownBy(() -> read("a: " + "[".repeat(100_000)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected at most 20 levels, found more (e.yaml line 1)");
  }

  @Test
  void brokenYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> read("a: 1\nb: [1\nc: 2\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Cannot use e.yaml: 1 problem\n - expected YAML, found: ")
        .hasMessageContaining("e.yaml line 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "a:\\n\\tb: 1~a tab, where YAML takes only spaces~line 2, column 1",
        "a: {b: 1\\nc: 2\\n~a bracket { that is not closed~line 2",
        "a: [1\\nb: 2~a bracket [ that is not closed~line 2",
        "a: \"C:\\\\data\"~a backslash in double quotes~line 1",
        "a: 1\\nb: \"x\\nc: 1\\n~a quote that is not closed~line 2, column 4",
        "a: {b: 1}}\\nc: 2~a closing bracket } that none before it opens~line 1",
        "a: {b: 1}\\n...\\nc: 2~a line behind the end of the text~line 3",
        "a: 1\\nb: {{ seed }}~a key that is no text~line 2",
        "a: b: c~a colon where no key can be~line 1, column 5",
        "a:\\n  b: 1\\n c: 2~indented like none of its neighbours~line 3",
        "a: 1\\nb\\nc: 1~a line that is no 'key: value'~line 3",
        "a: \\0~the control character 0~line 1, column 4",
        "a: 1\\nb: \uFFFD~bytes that are no UTF-8~line 2, column 4",
        "a: @x~a character that no value begins with~line 1, column 4"
      })
  void aSlipIsToldInWordsWithItsPlaceAndACaret(String text, String words, String place) {
    String yaml =
        text.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0").replace("\\\\", "\\");
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(words)
        .hasMessageContaining("e.yaml " + place)
        .hasMessageMatching("(?s).*\n +\\^");
  }

  @ParameterizedTest
  @ValueSource(strings = {"010", "0o17", "1_000", "0x10", "\u0661"})
  void anIntegerIsWrittenInDecimalDigits(String number) {
    assertThatThrownBy(() -> read(EVERYTHING.replaceFirst("count: .*", "count: " + number)))
        .hasMessageContaining("count: expected an integer, found '" + number + "'");
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertThatThrownBy(() -> read(EVERYTHING + "---\na: 1\n"))
        .hasMessageContaining("expected one document");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "5", "[1]"})
  void whatIsNoMapIsRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected a map with keys [count, big,");
  }

  @Test
  void aKindThatIsNotKnownIsRefused() {
    assertThatThrownBy(
            () -> StrictYaml.read("kind: file\nname: a\n", "d.yaml", DatasetDescription.class))
        .hasMessageContaining("kind: expected one of files, synthetic, found 'file'")
        .hasMessageContaining("(d.yaml line 1)");
  }

  private static Everything read(String yaml) {
    return StrictYaml.read(yaml, "e.yaml", Everything.class);
  }
}
