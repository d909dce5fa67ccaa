package org.adaptseg.data.store;

import java.io.IOException;
import java.util.List;

/** A store that a run needs and cannot use: all that is wrong with all of them. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /**
   * @param problems one line each: what it is for, expected, found, URI
   */
  public StoreException(List<String> problems) {
    super(
        problems.size() == 1
            ? "Cannot use " + problems.get(0)
            : "Cannot use the stores: "
                + problems.size()
                + " problems\n - "
                + String.join("\n - ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line for each problem. */
  public List<String> problems() {
    return problems;
  }
}
