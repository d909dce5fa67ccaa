package org.adaptseg.data.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Asks the stores that a run needs before anything expensive: lists what will be read, writes and
 * deletes a small file where the run will write. A store's clients retry for minutes, which is
 * right in the middle of a run and wrong before its start; here they hardly retry, and what has not
 * answered at the limit is a problem too.
 */
public final class StoreProbe {
  /** How long all questions to a store together may take. */
  public static final Duration LIMIT = Duration.ofSeconds(7);

  /** How long a client may take to be made: its classes are many, and a machine can be busy. */
  private static final Duration MOST_MAKING = Duration.ofSeconds(30);

  /**
   * Clients of one bucket or name node try once or twice. Names that a version of Hadoop does not
   * know do no harm.
   */
  private static final Map<String, String> HARDLY_RETRY =
      Map.ofEntries(
          Map.entry("fs.s3a.attempts.maximum", "1"),
          Map.entry("fs.s3a.retry.limit", "1"),
          Map.entry("fs.s3a.retry.interval", "100ms"),
          Map.entry("fs.s3a.retry.throttle.limit", "2"),
          Map.entry("fs.s3a.retry.throttle.interval", "100ms"),
          Map.entry("fs.s3a.connection.establish.timeout", "3000"),
          Map.entry("fs.s3a.connection.timeout", "5000"),
          Map.entry("fs.s3a.bucket.probe", "0"),
          Map.entry("fs.s3a.paging.maximum", "2"),
          Map.entry("ipc.client.connect.max.retries", "1"),
          Map.entry("ipc.client.connect.max.retries.on.timeouts", "0"),
          Map.entry("ipc.client.connect.timeout", "3000"),
          Map.entry("dfs.client.failover.max.attempts", "2"));

  /** Tries to make a file in a directory that others remove where it is empty. */
  static final int ATTEMPTS = 20;

  private final Configuration configuration;

  /** What a run does with a place. */
  public enum Access {
    /** Lists a directory, which must exist. */
    LIST,
    /** Reads a file, which must exist. */
    READ,
    /** Lists a directory or reads a file, whichever is there. */
    LIST_OR_READ,
    /** Makes and deletes files in a directory, which need not exist. */
    WRITE
  }

  /**
   * A place that a run needs.
   *
   * @param what names it to the user, for example {@code data.source.root}
   * @param uri path or URI
   */
  public record Place(String what, String uri, Access access) {
    /** A relative path of an option is relative to the working directory alone. */
    String describe(Configuration configuration) {
      return what.startsWith("--")
          ? Places.ofOption(uri, configuration)
          : Places.describe(uri, configuration);
    }
  }

  /** Probes with these settings of Hadoop, except that clients hardly retry. */
  public StoreProbe(Configuration configuration) {
    this.configuration = new Configuration(configuration);
    HARDLY_RETRY.forEach(this.configuration::set);
  }

  /**
   * Asks for all places at once.
   *
   * @throws StoreException with every place that cannot be used, its URI and why; in little more
   *     than {@link #LIMIT} after the stores' clients are made
   */
  public void require(List<Place> places) throws StoreException {
    Map<Place, String> answers = new ConcurrentHashMap<>();
    List<Asked> asked = new ArrayList<>();
    byStore(places)
        .forEach(
            (store, group) -> {
              CountDownLatch made = new CountDownLatch(1);
              Thread thread = new Thread(() -> ask(group, made, answers), "probe-" + store);
              thread.setDaemon(true); // one that hangs must not keep the process
              thread.start();
              asked.add(new Asked(thread, made));
            });
    await(asked);
    List<String> problems = new ArrayList<>();
    for (Place place : new LinkedHashSet<>(places)) {
      String answer = answers.getOrDefault(place, "no answer within " + LIMIT.toSeconds() + " s");
      if (!answer.isEmpty()) {
        problems.add(
            "%s: expected %s, found %s (%s)"
                .formatted(
                    place.what(), expected(place.access()), answer, place.describe(configuration)));
      }
    }
    if (!problems.isEmpty()) {
      throw new StoreException(problems);
    }
  }

  private static Map<String, List<Place>> byStore(List<Place> places) {
    Map<String, List<Place>> stores = new LinkedHashMap<>();
    for (Place place : new LinkedHashSet<>(places)) {
      URI uri = new Path(place.uri()).toUri();
      stores
          .computeIfAbsent(uri.getScheme() + "://" + uri.getAuthority(), s -> new ArrayList<>())
          .add(place);
    }
    return stores;
  }

  /**
   * A store that is asked.
   *
   * @param made open once its client is there
   */
  private record Asked(Thread thread, CountDownLatch made) {}

  private static void await(List<Asked> asked) {
    long deadline = System.nanoTime() + MOST_MAKING.toNanos();
    try {
      for (Asked store : asked) {
        if (!store.made().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
      deadline = System.nanoTime() + LIMIT.toNanos();
      for (Asked store : asked) {
        store.thread().join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(List<Place> group, CountDownLatch made, Map<Place, String> answers) {
    try {
      Path first = new Path(group.get(0).uri());
      URI uri = first.toUri();
      // An instance of our own: a cached one has the run's settings, and would keep ours.
      try (FileSystem files =
          uri.getScheme() == null
              ? FileSystem.newInstance(configuration)
              : FileSystem.newInstance(uri, configuration)) {
        made.countDown();
        for (Place place : group) {
          answers.put(place, ask(files, new Path(place.uri()), place.access()));
        }
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      for (Place place : group) {
        answers.putIfAbsent(place, StoreFault.describe(e));
      }
    } finally {
      made.countDown();
    }
  }

  /** Empty if all is well. */
  private static String ask(FileSystem files, Path path, Access access) {
    try {
      return switch (access) {
        case LIST -> isFile(files, path) ? "a file" : "";
        case READ -> read(files, path);
        case LIST_OR_READ -> isFile(files, path) ? read(files, path) : "";
        case WRITE -> write(files, path);
      };
    } catch (IOException | RuntimeException e) {
      return StoreFault.describe(e);
    }
  }

  /** Whether it is a file; if not, it is a directory that can be listed. */
  private static boolean isFile(FileSystem files, Path path) throws IOException {
    // Not the status: for a refused request about one object S3 gives no reason, for a list it
    // does.
    RemoteIterator<FileStatus> found = files.listStatusIterator(path);
    if (!found.hasNext()) {
      return false;
    }
    FileStatus status = found.next();
    return status.isFile() && status.getPath().equals(files.makeQualified(path));
  }

  private static String read(FileSystem files, Path path) throws IOException {
    try (InputStream in = FolderListing.reader(files, path).open(path)) {
      return in.read() < 0 ? "an empty file" : "";
    }
  }

  private static String write(FileSystem files, Path directory) throws IOException {
    Deque<Path> made = missing(files, files.makeQualified(directory));
    Path file = new Path(directory, ".write-probe-" + UUID.randomUUID());
    try {
      create(files, file);
      if (!files.delete(file, false)) {
        return "that a file written there cannot be deleted";
      }
    } finally {
      removeEmpty(files, made);
    }
    return "";
  }

  /**
   * Makes the file and, where they do not exist, its directories, which the probe of another
   * process that makes them as well may take away before the file is in them.
   */
  private static void create(FileSystem files, Path file) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (OutputStream out = files.create(file, false)) {
        out.write("may be deleted\n".getBytes(StandardCharsets.UTF_8));
        return;
      } catch (FileNotFoundException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The directory and those above it that do not exist, the innermost first. */
  private static Deque<Path> missing(FileSystem files, Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = directory; !path.isRoot(); path = path.getParent()) {
      try {
        files.listStatusIterator(path).hasNext();
        return missing;
      } catch (FileNotFoundException e) {
        missing.addLast(path);
      } catch (IOException e) {
        if (missing.isEmpty()) {
          throw e;
        }
        return missing; // a user's rights may begin below this one
      }
    }
    return missing;
  }

  /** A probe leaves no directory behind that was not there before. */
  private static void removeEmpty(FileSystem files, Deque<Path> made) {
    for (Path path : made) {
      try {
        files.delete(path, false);
      } catch (IOException e) {
        return; // somebody else has begun to use it
      }
    }
  }

  private static String expected(Access access) {
    return switch (access) {
      case LIST -> "a directory that can be listed";
      case READ -> "a file that can be read";
      case LIST_OR_READ -> "a directory that can be listed or a file that can be read";
      case WRITE -> "a directory that can be written to";
    };
  }
}
