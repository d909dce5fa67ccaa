package org.adaptseg.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one message of a failure that a user should read. */
public final class Failures {
  /** A cause inside the text of Spark's exceptions, which hold no causes of failed tasks. */
  private static final Pattern TASK_CAUSE =
      Pattern.compile("(?:Exception|Error): (Cannot [^\\n]+(?:\\n - [^\\n]+)*)");

  private static final Pattern LOST_TASK = Pattern.compile("Lost task [^\\n]*?\\): ([^\\n]+)");
  private static final int LONGEST = 500;

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
    return found != null
        ? found
        : "Cannot finish: " + firstLine(failure) + " (--stack-trace shows where)";
  }

  /** Spark's messages hold the stack trace of the task that failed. */
  private static String firstLine(Throwable failure) {
    String text = String.valueOf(failure);
    Matcher task = LOST_TASK.matcher(text);
    String line =
        task.find() ? "a task failed: " + task.group(1) : text.lines().findFirst().orElse(text);
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
