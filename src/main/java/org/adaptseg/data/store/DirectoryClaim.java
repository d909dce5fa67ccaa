package org.adaptseg.data.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That this process alone writes a directory, on stores without locks too.
 *
 * <p>A claim is a file {@code owner-N.json}, made only if there is none of that number and read
 * before every write ({@link WholeFile}). A further file beside it, written every few seconds,
 * shows that the claimant lives. Who finds a claim whose process is gone, or whose signs of life
 * have stopped, makes the claim of the next number and deletes the old one; so of several that try,
 * one holds, and a claimant that was taken for dead learns of it before its next write.
 */
public final class DirectoryClaim implements AutoCloseable {
  /** Setting of Hadoop: milliseconds between signs of life. */
  public static final String BEAT = "adaptseg.claim.beat-ms";

  /** Setting of Hadoop: milliseconds before a claim is read back where two could make one. */
  public static final String SETTLE = "adaptseg.claim.settle-ms";

  private static final long USUAL_BEAT_MS = 10_000;
  private static final long USUAL_SETTLE_MS = 2_000;

  /** Signs of life that must be missing. */
  private static final int MISSING = 4;

  /** Looks at a claim that is not whole, and attempts to make one. */
  private static final int LOOKS = 20;

  private static final long BETWEEN_LOOKS_MS = 100;
  private static final int LARGEST = 1 << 10;
  private static final Pattern LIFE =
      Pattern.compile("_{1,2}owner-([0-9a-f-]{1,40})\\.alive(\\.next)?");
  private static final Set<String> DECIDE = Set.of("file", "hdfs");
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryClaim.class);

  /** Tokens of claims that this process holds. */
  private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

  private final Claimant self;
  private final FileSystem files;
  private final Path directory;
  private final Configuration settings;
  private final Configuration own;
  private final Consumer<String> notes;
  private final AtomicBoolean released = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(DirectoryClaim::daemon);
  private Path file;

  private DirectoryClaim(Path directory, Configuration settings, Consumer<String> notes)
      throws IOException {
    this.files = directory.getFileSystem(settings);
    this.directory = files.makeQualified(directory);
    this.settings = settings;
    this.own = new Configuration(settings);
    this.own.unset(ClaimCheck.FILE);
    this.notes = notes;
    this.self = Claimant.here(settings.getLong(BEAT, USUAL_BEAT_MS));
  }

  /**
   * Claims a directory, which need not exist. From then on, until it is closed, what is written
   * there with these settings is checked.
   *
   * @param settings of the store; they get to know the claim
   * @param notes receives, for a person, what takes long
   * @throws IllegalStateException if another process writes there
   * @throws IOException if the store cannot be read or written
   */
  public static DirectoryClaim of(Path directory, Configuration settings, Consumer<String> notes)
      throws IOException {
    DirectoryClaim claim = new DirectoryClaim(directory, settings, notes);
    boolean holds = false;
    try {
      claim.make();
      holds = true;
    } finally {
      if (!holds) {
        claim.release();
      }
    }
    return claim;
  }

  private void make() throws IOException {
    HELD.add(self.token());
    for (int attempt = 0; !isMade(); attempt++) {
      if (attempt == LOOKS) {
        throw new IOException(
            "Cannot claim %s: expected to be the only one to try, found others at every attempt"
                .formatted(directory));
      }
      pause(BETWEEN_LOOKS_MS);
    }
    settings.set(ClaimCheck.FILE, file.toString());
    settings.set(ClaimCheck.TOKEN, self.token());
    timer.scheduleWithFixedDelay(
        this::showLifeOrWarn, self.beat(), self.beat(), TimeUnit.MILLISECONDS);
  }

  /** Makes the claim of the next number, unless somebody else does. */
  private boolean isMade() throws IOException {
    Map<Path, String> dead = dead();
    long number = dead.keySet().stream().mapToLong(ClaimCheck::number).max().orElse(0) + 1;
    Path next = new Path(directory, ClaimCheck.name(number));
    file = next;
    WholeFile.create(next, self.json(), own);
    if (!DECIDE.contains(files.getUri().getScheme())) {
      pause(settings.getLong(SETTLE, USUAL_SETTLE_MS));
    }
    if (!isMine(next)) {
      return false;
    }
    Map<Path, String> others = claims();
    others.remove(next);
    if (!dead.entrySet().containsAll(others.entrySet())) {
      files.delete(next, false); // one that was not there before; both look again
      return false;
    }
    // In this order: who dies here leaves every sign with the claim that it belongs to.
    showLife();
    removeSigns(dead.values());
    for (Path other : others.keySet()) {
      files.delete(other, false);
    }
    return true;
  }

  /** Signs of life of the dead, also of those that died while they waited for a claim. */
  private void removeSigns(Collection<String> dead) throws IOException {
    long now = modified(life(self));
    for (FileStatus status : list()) {
      Matcher name = LIFE.matcher(status.getPath().getName());
      if (name.matches()
          && (dead.contains(name.group(1))
              || now - status.getModificationTime() > MISSING * self.beat())) {
        files.delete(status.getPath(), false);
      }
    }
  }

  private boolean isMine(Path claim) throws IOException {
    return ClaimCheck.read(claim, own).filter(c -> c.token().equals(self.token())).isPresent();
  }

  /**
   * The claims that are there, all of the dead, with their tokens.
   *
   * @throws IllegalStateException if one is of somebody who lives
   */
  private Map<Path, String> dead() throws IOException {
    Map<Path, String> claims = claims();
    for (Path claim : claims.keySet()) {
      Optional<Claimant> other = ClaimCheck.read(claim, own);
      if (other.isPresent() && isAlive(other.get(), claim)) {
        throw new IllegalStateException(
            "Cannot train in %s: expected no other training there, found %s (%s). Wait for its end, stop it, or choose another output.dir; if it cannot be stopped, delete that file, and it writes nothing more"
                .formatted(directory, other.get().describe(), claim));
      }
    }
    return claims;
  }

  /** The claims that are there, with their tokens; without one that is gone meanwhile. */
  private Map<Path, String> claims() throws IOException {
    Map<Path, String> claims = new TreeMap<>();
    for (FileStatus status : list()) {
      Path claim = status.getPath();
      if (ClaimCheck.number(claim) == 0) {
        continue;
      }
      Optional<Claimant> other = ClaimCheck.read(claim, own);
      for (int look = 1; look < LOOKS && other.isEmpty() && files.exists(claim); look++) {
        pause(BETWEEN_LOOKS_MS); // it is being written
        other = ClaimCheck.read(claim, own);
      }
      if (other.isPresent() || files.exists(claim)) {
        claims.put(claim, other.map(Claimant::token).orElse(""));
      }
    }
    return claims;
  }

  private FileStatus[] list() throws IOException {
    try {
      return files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private boolean isAlive(Claimant other, Path claim) throws IOException {
    if (self.sees(other)) {
      return self.isOfProcessOf(other) ? HELD.contains(other.token()) : other.isRunning();
    }
    return showsLife(other, claim);
  }

  /** By the store's clock, and for the time that is left by this machine's. */
  private boolean showsLife(Claimant other, Path claim) throws IOException {
    String last = sign(other);
    long seen = last.isEmpty() ? modified(claim) : modified(life(other));
    showLife();
    long patience = MISSING * other.beat() - Math.max(0, modified(life(self)) - seen);
    if (patience > 0) {
      notes.accept(
          String.format(
              Locale.ROOT,
              "%s: waiting for up to %d s to see whether a training lives: %s",
              directory,
              1 + patience / 1000,
              other.describe()));
    }
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(patience)) {
      pause(Math.min(patience, other.beat() / 2 + 1));
      if (!sign(other).equals(last)) {
        return files.exists(claim);
      }
    }
    return false;
  }

  private Path life(Claimant of) {
    return new Path(directory, "_owner-" + of.token() + ".alive");
  }

  private String sign(Claimant of) throws IOException {
    Path sign = life(of);
    return StoreRetries.of(own)
        .call("read " + sign, () -> WholeFile.read(sign, LARGEST, own))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }

  private long modified(Path path) throws IOException {
    try {
      return files.getFileStatus(path).getModificationTime();
    } catch (FileNotFoundException e) {
      return Long.MIN_VALUE / 2; // it ended meanwhile
    }
  }

  private void showLife() throws IOException {
    WholeFile.write(life(self), Instant.now().toString().getBytes(StandardCharsets.UTF_8), own);
  }

  private void showLifeOrWarn() {
    try {
      if (isMine(file)) {
        showLife();
      } else {
        timer.shutdown();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot show that the run in {} lives: {}", directory, e.getMessage());
    }
  }

  private void pause(long milliseconds) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException)
          new InterruptedIOException("Cannot claim " + directory + ": interrupted").initCause(e);
    }
  }

  /**
   * Lets the next claimant have the directory at once, and holds what this process still writes
   * there back. What fails is left for the next claimant to find out.
   */
  public void release() {
    if (!released.compareAndSet(false, true)) {
      return;
    }
    try {
      timer.shutdownNow();
      if (!timer.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.debug("A sign of life is still being written in {}", directory);
      }
      if (file != null && isMine(file)) {
        files.delete(file, false);
      }
      files.delete(life(self), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot give {} back: {}", directory, e.getMessage());
    } finally {
      HELD.remove(self.token());
    }
  }

  /** As {@link #release}; what is written there then is checked no more. */
  @Override
  public void close() {
    release();
    if (self.token().equals(settings.getRaw(ClaimCheck.TOKEN))) {
      settings.unset(ClaimCheck.FILE);
      settings.unset(ClaimCheck.TOKEN);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "owner of a run directory");
    thread.setDaemon(true);
    return thread;
  }
}
