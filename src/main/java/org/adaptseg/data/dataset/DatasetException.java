package org.adaptseg.data.dataset;

import java.io.IOException;
import java.util.List;

/** A dataset that cannot be used, with everything that is wrong with it. */
public final class DatasetException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A dataset of the wrong kind has one problem per file; a message names this many. */
  private static final int SHOWN = 20;

  private final List<String> problems;

  /**
   * @param what the dataset and split
   * @param problems one line each: expected, found, where
   */
  public DatasetException(String what, List<String> problems) {
    super(message(what, problems));
    this.problems = List.copyOf(problems);
  }

  /** One line for each problem; all of them, also those that the message leaves out. */
  public List<String> problems() {
    return problems;
  }

  private static String message(String what, List<String> problems) {
    StringBuilder text = new StringBuilder("Cannot read ").append(what).append(": ");
    text.append(problems.size()).append(problems.size() == 1 ? " problem" : " problems");
    problems.stream().limit(SHOWN).forEach(problem -> text.append("\n - ").append(problem));
    if (problems.size() > SHOWN) {
      text.append("\n - and ").append(problems.size() - SHOWN).append(" more");
    }
    return text.toString();
  }
}
