package org.adaptseg.testing;

/**
 * What a program left, in a process of its own or in this one.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
public record Ended(int code, String out, String err) {
  private static final int SHOWN = 8000;

  /** All of it, shortened, for messages of failures. */
  public String all() {
    return "exit code %d%n%s%n%s".formatted(code, tail(out), tail(err));
  }

  static String tail(String text) {
    return text.length() <= SHOWN ? text : "..." + text.substring(text.length() - SHOWN);
  }
}
