package org.adaptseg.data.store;

import java.util.Locale;

/** Names of files in messages: what would move a terminal's cursor is written out. */
public final class ShownText {
  private static final int IDEOGRAPHIC_SPACE = 0x3000;

  private ShownText() {}

  /** The text with control characters, line ends included, as escapes. */
  public static String of(String text) {
    return escape(text, "");
  }

  /** The same, except that line ends and tabs stay: for a whole message. */
  public static String ofLines(String text) {
    return escape(text, "\n\t");
  }

  private static String escape(String text, String kept) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (!isControl(c) || kept.indexOf(c) >= 0) {
                shown.appendCodePoint(c);
              } else if (c == '\n') {
                shown.append("\\n");
              } else if (c == '\r') {
                shown.append("\\r");
              } else if (c == '\t') {
                shown.append("\\t");
              } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
              }
            });
    return shown.toString();
  }

  /**
   * Line and paragraph separators and signs that turn the direction of text count as such, and
   * spaces that nobody can tell from the ordinary one.
   */
  private static boolean isControl(int c) {
    int type = Character.getType(c);
    return Character.isISOControl(c)
        || type == Character.SPACE_SEPARATOR && c != ' ' && c != IDEOGRAPHIC_SPACE
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
