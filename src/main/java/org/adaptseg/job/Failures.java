package org.adaptseg.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one message of a failure that a user should read. */
public final class Failures {
  /** A cause inside the text of Spark's exceptions, which hold no causes of failed tasks. */
  private static final Pattern TASK_CAUSE =
      Pattern.compile("(?:Exception|Error): (Cannot [^\\n]+(?:\\n - [^\\n]+)*)");

  private Failures() {}

  /** The first sentence in a chain of causes that was written for users. */
  public static String message(Throwable failure) {
    String found = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      Matcher task = TASK_CAUSE.matcher(text);
      if (text.startsWith("Cannot ")) {
        return text;
      }
      if (found == null && task.find()) {
        found = task.group(1);
      }
    }
    return found != null ? found : "Cannot finish: " + failure + " (--stack-trace shows where)";
  }
}
