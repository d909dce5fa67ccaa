package org.adaptseg.job;

/** The one message of a failure that a user should read. */
public final class Failures {
  private static final int LONGEST = 500;

  private Failures() {}

  /** The first sentence in a chain of causes that was written for users. */
  public static String message(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      if (text.startsWith("Cannot ")) {
        return text;
      }
    }
    String line = failure.toString().lines().findFirst().orElse("no message");
    return "Cannot finish: "
        + (line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...")
        + " (--stack-trace shows where)";
  }
}
