package org.adaptseg.config.yaml;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with a text that is no YAML, in words, with the line and a caret below the place.
 */
final class YamlSyntax {
  private static final Pattern PLACE =
      Pattern.compile("^ in .*, line (\\d+), column (\\d+):?.*", Pattern.MULTILINE);
  private static final int SHOWN = 100;
  private static final String OPEN_QUOTE = "a quote that is not closed";

  /** What the parser says, and what it means to one who wrote the file. */
  private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

  static {
    MEANINGS.put("\\t(TAB)", "a tab, where YAML takes only spaces, for indentation most of all");
    MEANINGS.put("but found '}'", "a closing bracket } that none before it opens");
    MEANINGS.put("but found ']'", "a closing bracket ] that none before it opens");
    MEANINGS.put(
        "expected '<document start>'",
        "a line behind the end of the text that the first line begins");
    MEANINGS.put(
        "Expected a field name",
        "a key that is no text (put a template's {{ }} in quotes, or replace it first)");
    MEANINGS.put(
        "unknown escape character",
        "a backslash in double quotes, which begins an escape (write '...' in single quotes, or \\\\)");
    MEANINGS.put(
        "escape sequence",
        "a backslash in double quotes, which begins an escape (write '...' in single quotes, or \\\\)");
    MEANINGS.put(
        "mapping values are not allowed here",
        "a colon where no key can be (is the line indented like its neighbours, is a text with ': ' in quotes?)");
    MEANINGS.put(
        "could not find expected ':'",
        "a line that is no 'key: value' (is a space after the colon, is the line above finished?)");
    MEANINGS.put(
        "expected <block end>",
        "a line that is indented like none of its neighbours, or a list's - beside keys");
    MEANINGS.put("expected ',' or ']'", "a bracket [ that is not closed before this");
    MEANINGS.put("expected ',' or '}'", "a bracket { that is not closed before this");
    MEANINGS.put("unexpected end of stream", OPEN_QUOTE);
    MEANINGS.put("document separator", OPEN_QUOTE);
    MEANINGS.put(
        "cannot start any token", "a character that no value begins with (put the text in quotes)");
    MEANINGS.put("undefined alias", "an alias *, which is not used here (put the text in quotes)");
  }

  private final String where;
  private final String text;

  /**
   * @param where what the text is, for messages: a file, whose lines are told, or an option's value
   * @param text the text
   */
  YamlSyntax(String where, String text) {
    this.where = where;
    this.text = text;
  }

  /** What no YAML may hold, of which the parser says less. */
  Optional<String> unreadable() {
    int line = 1;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7F;
      if (control || c == '\uFFFD') {
        String what =
            control
                ? String.format(Locale.ROOT, "the control character %d", (int) c)
                : "bytes that are no UTF-8";
        String hint = c == 0 || !control ? " (is the file damaged, or in another encoding?)" : "";
        return Optional.of("expected text, found " + what + hint + place(line, i - begin + 1));
      }
      if (c == '\n') {
        line++;
        begin = i + 1;
      }
    }
    return Optional.empty();
  }

  /**
   * The problem.
   *
   * @param message the parser's: what it was doing, what it found, and where each was
   * @param parsed the line that the parser had come to, of use where its message names none
   */
  String describe(String message, int parsed) {
    String last = "a syntax error";
    for (String line : message.lines().toList()) {
      if (!line.isBlank() && !line.startsWith(" ")) {
        last = line.strip();
      }
    }
    String found = last.replaceFirst("^found ", "");
    for (Map.Entry<String, String> meaning : MEANINGS.entrySet()) {
      if (last.contains(meaning.getKey())) {
        found = meaning.getValue();
        break;
      }
    }
    Matcher at = PLACE.matcher(message);
    int line = Math.max(0, parsed);
    int column = 1;
    // A quote is open from where it was begun; elsewhere the last place is that of what was found.
    boolean first = found.equals(OPEN_QUOTE);
    for (int places = 0; at.find() && !(first && places > 0); places++) {
      line = Integer.parseInt(at.group(1));
      column = Integer.parseInt(at.group(2));
    }
    return "expected YAML, found: "
        + found
        + (line == 0 ? " (" + where + ")" : place(line, column));
  }

  private String place(int line, int column) {
    String[] lines = text.split("\r\n|\n|\r", -1);
    String whole = line <= lines.length ? lines[line - 1] : "";
    int from = Math.max(0, Math.min(whole.length(), column - 1 - SHOWN / 2));
    String shown = whole.substring(from, Math.min(whole.length(), from + SHOWN));
    String clean = shown.replace('\t', ' ').replaceAll("\\p{Cntrl}", "?");
    return String.format(
        Locale.ROOT,
        " (%s line %d, column %d)\n     %s\n     %s^",
        where,
        line,
        column,
        clean,
        " ".repeat(Math.max(0, column - 1 - from)));
  }
}
