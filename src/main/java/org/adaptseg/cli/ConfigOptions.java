package org.adaptseg.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.card.DescribedModel;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options that name a configuration. */
final class ConfigOptions {
  @Option(
      converter = LocationConverter.class,
      names = "--config",
      paramLabel = "FILE",
      description =
          "Configuration of the run, on any Hadoop file system; a run directory stands for the one"
              + " in it. With a --checkpoint, default: that of its run.")
  private String file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the configuration; repeatable.")
  private List<String> overrides = new ArrayList<>();

  /** The file, for messages. */
  String file() {
    return file;
  }

  RunConfig load() {
    return load(null);
  }

  /**
   * The configuration.
   *
   * @param checkpoint whose run directory holds the configuration if none is given; null for none
   */
  RunConfig load(String checkpoint) {
    return load(checkpoint, ResolvedData.ALL);
  }

  /**
   * As {@link #load(String)}, for a command that reads less than a training.
   *
   * @param parts of the data whose places must be named
   */
  RunConfig load(String checkpoint, Set<ResolvedData.Part> parts) {
    if (file == null && checkpoint == null) {
      throw new ConfigException(
          "--config", List.of("expected a file or a run directory, found nothing"));
    }
    return Configurations.read(
        file == null ? Configurations.ofCheckpoint(checkpoint) : file, overrides, parts);
  }

  /** What a file of weights says of its network, with these overrides. */
  Optional<DescribedModel> describedBy(String weights) throws IOException {
    Configuration hadoop = hadoop();
    return DescribedModel.of(weights, overrides, Configurations.texts(hadoop), hadoop);
  }

  /** The configuration with which a run resumes that has a checkpoint. */
  RunConfig toResume() {
    return Configurations.toResume(file, overrides);
  }

  /** Hadoop's settings, for messages that say where paths of the configuration were looked for. */
  Configuration hadoop() {
    return Configurations.hadoop(file == null ? "" : file);
  }
}
