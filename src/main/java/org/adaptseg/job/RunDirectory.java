package org.adaptseg.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.checkpoint.CheckpointException;
import org.adaptseg.checkpoint.CheckpointStore;
import org.adaptseg.checkpoint.RunIdentity;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.train.Networks;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The directory of a run: its configuration and its checkpoints, which know what made them. */
public final class RunDirectory {
  private static final String CHECKPOINTS = "checkpoints";

  private final RunConfig config;
  private final RunIdentity identity;
  private final Configuration hadoop;

  private RunDirectory(
      RunConfig config, LabelSpace classes, Map<String, String> inputs, Configuration hadoop) {
    this.config = config;
    this.identity =
        new RunIdentity(
            Networks.fingerprint(config, classes.size()),
            config.run().seed(),
            Sha256.of(ConfigLoader.toYaml(config)),
            classes.names(),
            inputs,
            Versions.all());
    this.hadoop = hadoop;
  }

  /** The directory of a run that looks at its datasets. */
  RunDirectory(RunConfig config, ResolvedData data, Configuration hadoop) {
    this(config, data.classes(), inputs(data), hadoop);
  }

  /** For what needs no dataset: descriptions are not compared. */
  public RunDirectory(RunConfig config, LabelSpace classes, Configuration hadoop) {
    this(config, classes, Map.of(), hadoop);
  }

  /** Hashes of what the configuration names, by its keys. */
  private static Map<String, String> inputs(ResolvedData data) {
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("data.classes", hash(data.classes()));
    datasets("data.source", data.source(), inputs);
    datasets("data.target", data.target(), inputs);
    datasets("data.evaluation", List.of(data.evaluation()), inputs);
    return inputs;
  }

  private static void datasets(
      String domain, List<DatasetDescription> descriptions, Map<String, String> inputs) {
    for (int i = 0; i < descriptions.size(); i++) {
      String key = RunConfig.Domain.key(domain, i, descriptions.size());
      inputs.put(key + ".dataset", hash((Record) descriptions.get(i)));
    }
  }

  private static String hash(Record description) {
    return Sha256.of(StrictYaml.write(description));
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

  void saveConfiguration() throws IOException {
    byte[] yaml = ConfigLoader.toYaml(config).getBytes(StandardCharsets.UTF_8);
    WholeFile.write(new Path(path(), "config.yaml"), yaml, hadoop);
  }

  /**
   * The checkpoint of a directory, or with null the run's newest complete one.
   *
   * @param notes receives what differs from this configuration, and what was skipped
   * @throws CheckpointException if it is of another network or of other classes
   * @throws IllegalStateException if there is none
   */
  public Checkpoint checkpoint(String directory, List<String> notes) throws IOException {
    if (directory != null) {
      return CheckpointStore.load(new Path(directory), hadoop, identity);
    }
    CheckpointStore.Found found = checkpoints().newest();
    notes.addAll(found.notes());
    return found
        .checkpoint()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot resume: expected a complete checkpoint, found none (%s/%s)"
                        .formatted(config.output().dir(), CHECKPOINTS)));
  }
}
