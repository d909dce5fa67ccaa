package org.adaptseg.cli;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.Configurations;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options that name a configuration. */
final class ConfigOptions {
  @Option(
      converter = LocationConverter.class,
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Configuration of the run, on any Hadoop file system.")
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
    return Configurations.read(file, overrides);
  }

  /** Hadoop's settings, for messages that say where paths of the configuration were looked for. */
  Configuration hadoop() {
    return Configurations.hadoop(file);
  }
}
