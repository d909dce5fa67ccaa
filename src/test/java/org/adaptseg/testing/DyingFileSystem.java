package org.adaptseg.testing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The local file system as a process that is killed leaves it: from a chosen moment of a chosen
 * write on, every call that concerns the run fails with an {@link Error}, and none of them changes
 * anything any more, as if there was no process left to make it. For {@code fs.file.impl}, with
 * {@code fs.file.impl.disable.cache}.
 */
public final class DyingFileSystem extends WatchedFileSystem {
  /** Moments of the writing of one file. */
  public enum Moment {
    /** It is there and empty. */
    BEGUN,
    /** Half of the first piece is written. */
    HALF,
    /** All is written and closed, and nothing is renamed. */
    CLOSED
  }

  /** What the caller of a call that fails gets. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Where to die: {@code file} is found in the path as its reader knows it. */
  private record Plan(Pattern run, Pattern file, Moment moment, AtomicInteger left) {}

  private static final Pattern TEMPORARY = Pattern.compile("_([^/]+)\\.next$");
  private static volatile Plan plan;
  private static volatile boolean dead;

  /** Required by Hadoop. */
  public DyingFileSystem() {
    super(DyingFileSystem::at);
  }

  /**
   * Lives again, and dies in time.
   *
   * @param run directory of the run
   * @param file regular expression found in the paths of files that count
   * @param moment of the writing of the file
   * @param occurrence which of the writes, from 1
   */
  public static void dieAt(java.nio.file.Path run, String file, Moment moment, int occurrence) {
    plan =
        new Plan(
            Pattern.compile(Pattern.quote(run.toString())),
            Pattern.compile(file),
            moment,
            new AtomicInteger(occurrence));
    dead = false;
  }

  /** Lives again, for good. */
  public static void live() {
    plan = null;
    dead = false;
  }

  /** Whether the chosen moment came. */
  public static boolean isDead() {
    return dead;
  }

  private static void at(Step step, Path path, Configuration settings) {
    switch (step) {
      case CREATED -> pass(path, Moment.BEGUN);
      case HALF_WRITTEN -> pass(path, Moment.HALF);
      case CLOSED -> pass(path, Moment.CLOSED);
      case RENAMED -> {
        // The next step fails.
      }
      default -> requireLife(path);
    }
  }

  private static void requireLife(Path path) {
    Plan now = plan;
    if (dead && now != null && now.run.matcher(path.toUri().getPath()).find()) {
      throw new Killed();
    }
  }

  private static void pass(Path path, Moment moment) {
    Plan now = plan;
    if (now == null || now.moment != moment) {
      return;
    }
    String text = path.toUri().getPath();
    Matcher temporary = TEMPORARY.matcher(text);
    String named = temporary.find() ? temporary.replaceFirst("$1") : text;
    if (now.run.matcher(named).find()
        && now.file.matcher(named).find()
        && now.left.decrementAndGet() == 0) {
      dead = true;
      throw new Killed();
    }
  }
}
