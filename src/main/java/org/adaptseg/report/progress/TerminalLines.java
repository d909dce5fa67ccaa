package org.adaptseg.report.progress;

import java.io.IOException;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Shows a text of a few lines in one place of a terminal. Between two texts the cursor stands at
 * the first of the lines, so that other output meanwhile stays readable and the next text comes
 * below it.
 */
final class TerminalLines implements ProgressBarConsumer {
  private static final int FALLBACK_COLUMNS = 80;
  private static final int LEAST_COLUMNS = 20;
  private static final String ERASE = "\u001b[2K";

  private final PrintStream out;
  private final int columns;
  private int shown;

  /**
   * @param columns width of the terminal
   */
  TerminalLines(PrintStream out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  /** Width of the terminal of this process, 80 if it cannot be found. */
  static int columns() {
    // With native signals, interrupting the program would end it without its shutdown hooks.
    try (Terminal terminal = TerminalBuilder.builder().nativeSignals(false).dumb(true).build()) {
      return terminal.getWidth() >= LEAST_COLUMNS ? terminal.getWidth() : FALLBACK_COLUMNS;
    } catch (IOException e) {
      return FALLBACK_COLUMNS;
    }
  }

  /** One less than the width: a terminal may wrap what fills its last column. */
  @Override
  public int getMaxRenderedLength() {
    return columns - 1;
  }

  @Override
  public synchronized void accept(String text) {
    String[] lines = text.split("\n", -1);
    StringBuilder shape = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      shape.append(i == 0 ? "\r" : "\r\n").append(ERASE).append(fit(lines[i]));
    }
    if (lines.length > 1) {
      shape.append("\u001b[").append(lines.length - 1).append('A');
    }
    out.print(shape.append('\r'));
    out.flush();
    shown = lines.length;
  }

  private String fit(String line) {
    int most = getMaxRenderedLength();
    return line.codePointCount(0, line.length()) <= most
        ? line
        : line.substring(0, line.offsetByCodePoints(0, most));
  }

  @Override
  public synchronized void clear() {
    if (shown > 0) {
      accept("\n".repeat(shown - 1));
      shown = 0;
    }
  }

  /** Leaves the text where it is; what comes next comes below it. */
  @Override
  public synchronized void close() {
    out.print("\n".repeat(shown));
    out.flush();
    shown = 0;
  }
}
