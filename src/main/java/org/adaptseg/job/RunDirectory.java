package org.adaptseg.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointException;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.checkpoint.RunIdentity;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.process.Versions;
import org.adaptseg.train.Networks;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The directory of a run: its configuration with all that it names, and its checkpoints, which know
 * what made them.
 */
public final class RunDirectory {
  private static final String CHECKPOINTS = "checkpoints";

  private final RunConfig config;
  private final MadeFrom madeFrom;
  private final RunIdentity identity;
  private final Configuration hadoop;

  private RunDirectory(
      RunConfig config, ResolvedData data, Map<String, String> lists, Configuration hadoop) {
    this.config = config;
    this.madeFrom = MadeFrom.of(config, data, hadoop);
    Map<String, String> inputs = new TreeMap<>(madeFrom.hashes());
    inputs.putAll(lists);
    inputs.put(RunIdentity.NORMALISATION, config.data().normalisation().key());
    this.identity =
        new RunIdentity(
            Networks.fingerprint(config, data.classes().size()),
            config.run().seed(),
            madeFrom.hash(),
            data.classes().names(),
            inputs,
            Versions.all());
    this.hadoop = hadoop;
  }

  /** The directory of a run whose splits are found. */
  RunDirectory(RunConfig config, ResolvedData data, ExperimentSplits splits, Configuration hadoop) {
    this(config, data, splits.lists(), hadoop);
  }

  /** For what looks at no files of datasets: they are not compared. */
  public RunDirectory(RunConfig config, ResolvedData data, Configuration hadoop) {
    this(config, data, Map.of(), hadoop);
  }

  /**
   * What a run was made from.
   *
   * @param config with the names that copies of what it names have in the directory
   * @param files texts of the copies, by those names
   */
  public record Origin(RunConfig config, Map<String, String> files) {
    public Origin {
      files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }
  }

  /**
   * What the run of a checkpoint was made from, or, where its directory does not say, this one.
   *
   * @param directory as for {@link #checkpoint}
   */
  public Origin origin(String directory) throws IOException {
    MadeFrom made = MadeFrom.read(run(directory), hadoop).orElse(madeFrom);
    return new Origin(made.config(), made.files());
  }

  /**
   * The run directory of a checkpoint.
   *
   * @param directory as for {@link #checkpoint}
   */
  public Path run(String directory) throws IOException {
    return directory == null ? path() : runOf(new Path(directory), hadoop);
  }

  private Path path() {
    return new Path(config.output().dir());
  }

  /** The run's checkpoints. */
  CheckpointStore checkpoints() throws IOException {
    return checkpoints(CHECKPOINTS, config.output().keepCheckpoints());
  }

  /**
   * Checkpoints of a directory in this one.
   *
   * @param keep how many of the newest stay, at least 1
   */
  CheckpointStore checkpoints(String name, int keep) throws IOException {
    return new CheckpointStore(new Path(path(), name), hadoop, identity, keep);
  }

  /**
   * Checks that a new run may begin here: what another left would be taken for its own.
   *
   * @throws CheckpointException if there are checkpoints, or a best one
   * @throws IllegalStateException if there are scores of a best one
   */
  void requireNew() throws IOException {
    checkpoints().requireEmpty();
    checkpoints(BestOnTarget.DIRECTORY, 1).requireEmpty();
    Path scores = new Path(path(), BestOnTarget.SCORES);
    if (scores.getFileSystem(hadoop).exists(scores)) {
      throw new IllegalStateException(
          "Cannot begin a new run: expected no scores of another, found some (%s); choose another directory"
              .formatted(scores));
    }
  }

  /** Writes the configuration and all that it names. */
  void saveConfiguration() throws IOException {
    madeFrom.write(path(), hadoop);
  }

  /** Whether there is a checkpoint to resume from. */
  public static boolean hasCheckpoint(RunConfig config, Configuration hadoop) throws IOException {
    Path checkpoints = new Path(config.output().dir(), CHECKPOINTS);
    RunIdentity any = new RunIdentity("", 0, "", List.of(), Map.of(), Map.of());
    return new CheckpointStore(checkpoints, hadoop, any, 1).made().isPresent();
  }

  /**
   * What differs between this configuration and what the run in this directory was made with;
   * nothing if it has no checkpoint.
   */
  Resumption resumption() throws IOException {
    Set<String> keys = new TreeSet<>(identity.inputs().keySet());
    keys.addAll(madeFrom.keys());
    Optional<CheckpointStore.Made> made = checkpoints().made();
    if (made.isEmpty()) {
      return new Resumption(path().toString(), 0, List.of(), keys);
    }
    Optional<MadeFrom> before = MadeFrom.read(path(), hadoop);
    long iteration = made.get().iteration();
    List<Change> changes = new ArrayList<>();
    before.ifPresent(was -> changes.addAll(Changes.between(was, madeFrom, iteration)));
    if (before.isEmpty()
        && !made.get().identity().configuration().equals(identity.configuration())) {
      changes.add(
          new Change(
              "the configuration",
              "another (%s of the run is not there to compare)".formatted(MadeFrom.CONFIGURATION),
              "this",
              Change.Effect.RESULTS));
    }
    changes.addAll(ofLists(made.get().identity().inputs()));
    before.ifPresent(was -> keys.addAll(was.keys()));
    changes.forEach(change -> keys.add(change.configurationKey()));
    return new Resumption(path().toString(), iteration, changes, keys);
  }

  /** Lists of files that differ; a place that moved with its files makes none. */
  private List<Change> ofLists(Map<String, String> before) {
    List<Change> changes = new ArrayList<>();
    identity
        .inputs()
        .forEach(
            (key, hash) -> {
              if (key.endsWith(ExperimentSplits.FILES)
                  && !before.getOrDefault(key, hash).equals(hash)) {
                changes.add(new Change(key, before.get(key), hash, Change.Effect.RESULTS));
              }
            });
    return changes;
  }

  /**
   * The checkpoint of a directory, or the newest complete one of several.
   *
   * @param directory a checkpoint's, one of checkpoints, or a run's; null for this run's
   * @param notes receives how label space and descriptions differ from those of the run, key by
   *     key, and what was skipped
   * @throws CheckpointException if it is of another network, of other classes or of another
   *     normalisation
   * @throws IllegalStateException if there is none
   */
  public Checkpoint checkpoint(String directory, List<String> notes) throws IOException {
    Path run = run(directory);
    Path given = directory == null ? run : new Path(directory);
    Path newestOf = given.equals(run) ? new Path(run, CHECKPOINTS) : given;
    CheckpointStore.Found found =
        run.equals(newestOf.getParent())
            ? new CheckpointStore(newestOf, hadoop, identity, 1).newest()
            : CheckpointStore.load(given, hadoop, identity);
    notes.addAll(found.notes());
    if (found.made().isPresent()) {
      notes.addAll(described(run, found.made().get().identity().inputs()));
    }
    return found
        .checkpoint()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot resume: expected a complete checkpoint, found none (%s)%s"
                        .formatted(
                            newestOf,
                            found.notes().stream()
                                .map(note -> "\n - " + note)
                                .collect(Collectors.joining()))));
  }

  /**
   * The run directory that a checkpoint, or a folder of checkpoints, is in; the directory itself if
   * it is one.
   */
  public static Path runOf(Path directory, Configuration hadoop) throws IOException {
    Path parent = directory.getParent();
    if (parent == null || isRun(directory, hadoop)) {
      return directory;
    }
    if (isRun(parent, hadoop)) {
      return parent;
    }
    return parent.getParent() == null ? directory : parent.getParent();
  }

  private static boolean isRun(Path directory, Configuration hadoop) throws IOException {
    Path configuration = new Path(directory, MadeFrom.CONFIGURATION);
    return configuration.getFileSystem(hadoop).exists(configuration);
  }

  private List<String> described(Path run, Map<String, String> inputs) throws IOException {
    Optional<MadeFrom> before = MadeFrom.read(run, hadoop);
    if (before.isPresent()) {
      return Changes.ofNamed(before.get(), madeFrom).stream()
          .map(change -> "The run was made with another " + change)
          .toList();
    }
    List<String> notes = new ArrayList<>();
    madeFrom
        .hashes()
        .forEach(
            (key, hash) -> {
              if (!inputs.getOrDefault(key, hash).equals(hash)) {
                notes.add("The checkpoint was made with another %s".formatted(key));
              }
            });
    return notes;
  }
}
