package org.adaptseg.checkpoint;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.adaptseg.checkpoint.StateFile.VectorEntry;
import org.adaptseg.data.store.BoundedBytes;
import org.adaptseg.data.store.StoreRetries;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of a run: {@code iteration-NNNNNNN/} with a file of raw little-endian float32 per
 * vector and {@code state.json}, written last, on any Hadoop file system. Only the driver writes.
 */
public final class CheckpointStore {
  private static final Pattern DIRECTORY = Pattern.compile("iteration-(\\d{7,12})");

  private final Path directory;
  private final FileSystem fileSystem;
  private final Configuration configuration;
  private final RunIdentity identity;
  private final int keep;
  private final StoreRetries retries;

  /**
   * What {@link #newest} found.
   *
   * @param checkpoint the newest complete checkpoint; none when there is none
   * @param location its directory; empty when there is none
   * @param made what the checkpoint says of the run that made it; none when there is none
   * @param notes what was skipped and why, and versions that differ
   */
  public record Found(
      Optional<Checkpoint> checkpoint, String location, Optional<Made> made, List<String> notes) {
    /** Copies the notes. */
    public Found {
      notes = List.copyOf(notes);
    }
  }

  /**
   * What a checkpoint says of the run that made it.
   *
   * @param iteration number of iterations made
   * @param identity the run
   */
  public record Made(long iteration, RunIdentity identity) {}

  private record Read(Checkpoint checkpoint, RunIdentity identity) {}

  private record Entry(long iteration, Path path) {}

  /**
   * @param directory the run's directory of checkpoints, which need not exist
   * @param keep number of complete checkpoints that stay, at least 1
   * @throws IOException if the file system cannot be reached
   */
  public CheckpointStore(
      Path directory, Configuration configuration, RunIdentity identity, int keep)
      throws IOException {
    if (keep < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot keep checkpoints: expected at least 1, found %d (output.keep-checkpoints)",
              keep));
    }
    this.retries = StoreRetries.of(configuration);
    this.fileSystem = directory.getFileSystem(configuration);
    this.directory = fileSystem.makeQualified(directory);
    this.configuration = configuration;
    this.identity = identity;
    this.keep = keep;
  }

  /**
   * Saves a checkpoint, then deletes what is older than the newest few.
   *
   * @return its directory
   */
  public String save(Checkpoint checkpoint) throws IOException {
    requirePlainNames(checkpoint.state());
    Path path =
        new Path(directory, String.format(Locale.ROOT, "iteration-%07d", checkpoint.iteration()));
    return retries.call("save the checkpoint " + path, () -> saveOnce(checkpoint, path));
  }

  private String saveOnce(Checkpoint checkpoint, Path path) throws IOException {
    Path stateFile = new Path(path, StateFile.NAME);
    // One that is written over is incomplete from the first byte on.
    WholeFile.delete(stateFile, configuration);
    fileSystem.mkdirs(path);
    List<VectorEntry> vectors = new ArrayList<>();
    for (Vector vector : checkpoint.state().vectors()) {
      vectors.add(VectorFiles.write(path, vector, configuration));
    }
    StateFile state =
        new StateFile(
            StateFile.FORMAT,
            checkpoint.iteration(),
            checkpoint.phase().key(),
            checkpoint.discriminatorSteps(),
            identity.network(),
            identity.seed(),
            identity.configuration(),
            identity.classes(),
            new TreeMap<>(identity.inputs()),
            new TreeMap<>(identity.versions()),
            vectors);
    WholeFile.write(stateFile, state.toJson(), configuration);
    deleteOlder(checkpoint.iteration());
    return path.toString();
  }

  private static void requirePlainNames(LearnerState state) {
    List<String> names = state.vectors().stream().map(Vector::name).toList();
    if (Set.copyOf(names).size() < names.size() || !names.stream().allMatch(VectorEntry::isName)) {
      throw new IllegalArgumentException(
          "Cannot save a state: expected distinct plain vector names, found " + names);
    }
  }

  private void deleteOlder(long newest) throws IOException {
    int complete = 0;
    for (Entry entry : newestFirst(new ArrayList<>())) {
      // A later checkpoint was skipped when the run resumed; it is overwritten in turn.
      if (entry.iteration() > newest) {
        continue;
      }
      Path stateFile = new Path(entry.path(), StateFile.NAME);
      boolean isComplete = fileSystem.exists(stateFile);
      if (isComplete && ++complete <= keep) {
        continue;
      }
      WholeFile.delete(stateFile, configuration);
      WholeFile.delete(entry.path(), configuration);
    }
  }

  /**
   * Checks that a new run may begin here: checkpoints of another run would be taken for its own.
   *
   * @throws CheckpointException if there is anything that looks like a checkpoint
   */
  public void requireEmpty() throws IOException {
    List<Entry> entries = newestFirst(new ArrayList<>());
    if (!entries.isEmpty()) {
      throw new CheckpointException(
          String.format(
                  Locale.ROOT,
                  "Cannot begin a new run: expected no checkpoints, found %d, the newest of"
                      + " iteration %d",
                  entries.size(),
                  entries.get(0).iteration())
              + " (%s); resume it or choose another directory".formatted(directory));
    }
  }

  /**
   * Loads the newest complete checkpoint.
   *
   * @throws CheckpointException if it is one of another network
   * @throws IOException if the store cannot be read; a fault of the store is not a reason to go
   *     back to an older checkpoint
   */
  public Found newest() throws IOException {
    List<String> notes = new ArrayList<>();
    for (Entry entry : newestFirst(notes)) {
      try {
        Read read = readPatiently(entry.path(), notes);
        if (read.checkpoint().iteration() != entry.iteration()) {
          throw new CorruptCheckpointException(
              String.format(
                  Locale.ROOT,
                  "expected iteration %d, found %d",
                  entry.iteration(),
                  read.checkpoint().iteration()));
        }
        return found(read, entry.path(), notes);
      } catch (CorruptCheckpointException
          | FileNotFoundException
          | EOFException
          | ChecksumException e) {
        notes.add("Passed over %s: %s".formatted(entry.path(), e.getMessage()));
      }
    }
    return new Found(Optional.empty(), "", Optional.empty(), notes);
  }

  private static Found found(Read read, Path path, List<String> notes) {
    return new Found(
        Optional.of(read.checkpoint()),
        path.toString(),
        Optional.of(new Made(read.checkpoint().iteration(), read.identity())),
        notes);
  }

  /**
   * What the newest checkpoint that seems complete says of the run that made it. Its vectors are
   * not read, so {@link #newest} may find an older one.
   */
  public Optional<Made> made() throws IOException {
    for (Entry entry : newestFirst(new ArrayList<>())) {
      try {
        StateFile file =
            retries.call(
                "read the checkpoint " + entry.path(),
                () -> StateFile.parse(readStateFile(entry.path())),
                CorruptCheckpointException.class::isInstance);
        return Optional.of(new Made(file.iteration(), file.identity()));
      } catch (CorruptCheckpointException | EOFException | ChecksumException e) {
        // Passed over here as there, where it is said.
      }
    }
    return Optional.empty();
  }

  /**
   * Loads the checkpoint of one directory.
   *
   * @throws CheckpointException if it is incomplete, changed or of another network
   */
  public static Found load(Path directory, Configuration configuration, RunIdentity identity)
      throws IOException {
    Path parent = directory.getParent() == null ? directory : directory.getParent();
    CheckpointStore store = new CheckpointStore(parent, configuration, identity, 1);
    Path path = store.fileSystem.makeQualified(directory);
    try {
      List<String> notes = new ArrayList<>();
      return found(store.readPatiently(path, notes), path, notes);
    } catch (CorruptCheckpointException
        | FileNotFoundException
        | EOFException
        | ChecksumException e) {
      throw new CheckpointException("Cannot load %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** What is corrupt is so the second time, too; what the store refuses may not be. */
  private Read readPatiently(Path path, List<String> notes) throws IOException {
    return retries.call(
        "read the checkpoint " + path,
        () -> read(path, notes),
        CorruptCheckpointException.class::isInstance);
  }

  private Read read(Path path, List<String> notes) throws IOException {
    StateFile file = StateFile.parse(readStateFile(path));
    requireSameNormalisation(file, path);
    if (!file.network().equals(identity.network())) {
      throw new CheckpointException(
          "Cannot load a checkpoint: expected network %s, found %s (%s)"
              .formatted(identity.network(), file.network(), path));
    }
    requireSameClasses(file, path);
    List<Vector> vectors = new ArrayList<>();
    for (VectorEntry entry : file.vectors()) {
      vectors.add(VectorFiles.read(fileSystem, path, entry));
    }
    if (!file.versions().equals(identity.versions())) {
      notes.add(
          "%s was made with versions %s, not %s"
              .formatted(path, file.versions(), identity.versions()));
    }
    Checkpoint checkpoint =
        new Checkpoint(
            file.iteration(),
            file.parsedPhase(),
            file.discriminatorSteps(),
            new LearnerState(vectors));
    return new Read(checkpoint, file.identity());
  }

  /** Classes in another order would be scored and drawn as each other. */
  private void requireSameClasses(StateFile file, Path path) throws CheckpointException {
    boolean known = !file.classes().isEmpty() && !identity.classes().isEmpty();
    if (known && !file.classes().equals(identity.classes())) {
      throw new CheckpointException(
          "Cannot load a checkpoint: expected the classes %s, found %s (%s)"
              .formatted(identity.classes(), file.classes(), path));
    }
  }

  /** Pixels of another normalisation are noise to a network. */
  private void requireSameNormalisation(StateFile file, Path path) throws CheckpointException {
    String made = file.inputs().get(RunIdentity.NORMALISATION);
    String given = identity.inputs().get(RunIdentity.NORMALISATION);
    if (made != null && given != null && !made.equals(given)) {
      throw new CheckpointException(
          "Cannot load a checkpoint: expected %s: %s, found %s (%s)"
              .formatted(RunIdentity.NORMALISATION, given, made, path));
    }
  }

  private byte[] readStateFile(Path path) throws IOException {
    try (InputStream in = fileSystem.open(new Path(path, StateFile.NAME))) {
      return BoundedBytes.read(in, StateFile.LARGEST, path.toString());
    } catch (BoundedBytes.ExceededException e) {
      throw new CorruptCheckpointException(
          String.format(
              Locale.ROOT,
              "expected %s of at most %d bytes, found more",
              StateFile.NAME,
              StateFile.LARGEST));
    } catch (FileNotFoundException e) {
      throw new CorruptCheckpointException(
          "expected %s, found no such file; the checkpoint is incomplete"
              .formatted(StateFile.NAME));
    }
  }

  private List<Entry> newestFirst(List<String> notes) throws IOException {
    List<Entry> entries = new ArrayList<>();
    FileStatus[] found;
    try {
      found = fileSystem.listStatus(directory);
    } catch (FileNotFoundException e) {
      return entries;
    }
    for (FileStatus status : found) {
      Matcher name = DIRECTORY.matcher(status.getPath().getName());
      if (status.isDirectory() && name.matches()) {
        entries.add(new Entry(Long.parseLong(name.group(1)), status.getPath()));
      } else {
        notes.add("Ignored %s: it is not a checkpoint".formatted(status.getPath()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::iteration).reversed());
    return entries;
  }
}
