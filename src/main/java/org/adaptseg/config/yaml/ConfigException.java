package org.adaptseg.config.yaml;

import java.util.List;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /**
   * Problems of a file.
   *
   * @param where the file or other origin of the configuration
   * @param problems one line each, for example {@code model.layers: expected 4 counts, found 3}
   */
  public ConfigException(String where, List<String> problems) {
    super(message(where, problems));
    this.problems = List.copyOf(problems);
  }

  /** Problems of a configuration that is in no file. */
  public ConfigException(List<String> problems) {
    this("the configuration", problems);
  }

  /** One line for each problem, in the order of the file. */
  public List<String> problems() {
    return problems;
  }

  private static String message(String where, List<String> problems) {
    StringBuilder text = new StringBuilder("Cannot use ").append(where).append(": ");
    text.append(problems.size()).append(problems.size() == 1 ? " problem" : " problems");
    problems.forEach(problem -> text.append("\n - ").append(problem));
    return text.toString();
  }
}
