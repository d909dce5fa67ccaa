package org.adaptseg.spark.task;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which limit stopped an executor and which setting raises it. Spark hands the driver only the
 * text of what an executor threw, or the exit code of a process, so causes are recognised by their
 * text.
 */
final class FailureCauses {
  private static final String HOW_TO_CONTINUE =
      "; nothing is lost: raise it and continue with --resume";

  /**
   * @param text in the text of an exception
   * @param message groups of {@code text} are its arguments
   */
  private record Cause(Pattern text, String message) {
    Optional<String> explain(String exception) {
      Matcher found = text.matcher(exception);
      if (!found.find()) {
        return Optional.empty();
      }
      Object[] groups = new Object[found.groupCount()];
      for (int i = 0; i < groups.length; i++) {
        groups[i] = found.group(i + 1);
      }
      return Optional.of(message.formatted(groups) + HOW_TO_CONTINUE);
    }
  }

  private static final Cause NATIVE_MEMORY =
      new Cause(
          Pattern.compile("physicalBytes \\(([^)]{1,20})\\) > maxPhysicalBytes \\(([^)]{1,20})\\)"),
          "Cannot continue: a process that computes uses %s of memory, more than its limit"
              + " org.bytedeco.javacpp.maxphysicalbytes of %s (set in"
              + " spark.executor.extraJavaOptions and within spark.executor.memory +"
              + " spark.executor.memoryOverhead; with a local master by java's -D)");

  private static final List<Cause> CAUSES =
      List.of(
          NATIVE_MEMORY,
          new Cause(
              Pattern.compile(
                  "([\\w.]*Exception: [^\\n"
                      + "]{0,300}?(?:No space left on device|Disk quota exceeded|File too large))"),
              "Cannot continue: the disk of an executor is full or a limit on files is reached: %s"
                  + " (a round's shuffle files are in spark.local.dir; on YARN in"
                  + " yarn.nodemanager.local-dirs, on Kubernetes in the volumes"
                  + " spark-local-dir-*)"),
          new Cause(
              Pattern.compile("OutOfMemoryError: (Java heap space|GC overhead limit exceeded)"),
              "Cannot continue: the heap of an executor is full (%s), its limit is"
                  + " spark.executor.memory (with a local master java's -Xmx)"),
          new Cause(
              Pattern.compile("(exited with code 52)\\b"),
              "Cannot continue: the heap of an executor is full (it %s), its limit is"
                  + " spark.executor.memory"),
          new Cause(
              Pattern.compile("((?:exit code|exit status|exited with code):? 137)\\b"),
              "Cannot continue: an executor was killed (%s), as a machine or container does that is"
                  + " out of memory; its limit is spark.executor.memory +"
                  + " spark.executor.memoryOverhead"));

  /** What a task of ours has said is wrong; JavaCPP's words begin alike. */
  private static final Pattern SAID =
      Pattern.compile("(?:Exception|Error): (Cannot (?!allocate new )[^\\n]+(?:\\n - [^\\n]+)*)");

  /** What Spark says first of a task's failure, before its trace. */
  private static final Pattern LOST =
      Pattern.compile("most recent failure: [^\\n]*?\\): ([^\\n]+)");

  private FailureCauses() {}

  /** What a task throws for an error of its own: one that says what to do where that is known. */
  static IllegalStateException inTask(Error error) {
    // A first use of the numeric library that fails shows itself as one of several LinkageErrors.
    for (Throwable t = error; t != null; t = t.getCause()) {
      Optional<String> known = NATIVE_MEMORY.explain(String.valueOf(t.getMessage()));
      if (known.isPresent()) {
        // Not as its cause: Spark ends a process that has an error among the causes of a failure,
        // in one process the driver too, and what is said here would be lost.
        IllegalStateException said = new IllegalStateException(known.get());
        said.addSuppressed(error);
        return said;
      }
    }
    throw error;
  }

  /**
   * What a job's failure means to its user: a sentence, never Spark's trace.
   *
   * @param job its description
   */
  static RuntimeException ofJob(String job, Exception failure) {
    if (failure instanceof RuntimeException unchecked && isSentence(failure)) {
      return unchecked;
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      Matcher said = SAID.matcher(text);
      if (isSentence(t)) {
        return new IllegalStateException(text, failure);
      }
      if (said.find()) {
        return new IllegalStateException(said.group(1), failure);
      }
      for (Cause cause : CAUSES) {
        Optional<String> known = cause.explain(text);
        if (known.isPresent()) {
          return new IllegalStateException(known.get(), failure);
        }
      }
    }
    if (failure instanceof RuntimeException unchecked) {
      return unchecked;
    }
    return new IllegalStateException(
        "Cannot finish the %s: %s".formatted(job, first(String.valueOf(failure.getMessage()))),
        failure);
  }

  private static boolean isSentence(Throwable failure) {
    return String.valueOf(failure.getMessage()).startsWith("Cannot ");
  }

  private static String first(String report) {
    Matcher lost = LOST.matcher(report);
    return lost.find() ? lost.group(1) : report.lines().findFirst().orElse("no message");
  }
}
