package org.adaptseg.cli;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.TextSource;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.Locations;
import org.adaptseg.data.store.StoreException;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.spark.StoreSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Option;

/** The options that name a configuration. */
final class ConfigOptions {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Configuration of the run, on any Hadoop file system.")
  private String file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a value of the configuration; may be repeated.")
  private List<String> overrides = new ArrayList<>();

  /** The file, for messages. */
  String file() {
    return file;
  }

  RunConfig load() {
    return load(file, overrides);
  }

  /** Hadoop's settings as Spark will have them, and what readers of samples need. */
  static Configuration hadoop() {
    return StoreSettings.addTo(SparkHadoopUtil.get().newConfiguration(SparkHandle.settings()));
  }

  static RunConfig load(String file, List<String> overrides) {
    if (Locations.holdPassword(file)) {
      throw new ConfigException(
          "--config",
          List.of("expected a location without user and password, found one with them"));
    }
    TextSource files = texts(hadoop());
    try {
      return ConfigLoader.load(files.read(file), file, overrides, files);
    } catch (FileNotFoundException e) {
      throw new ConfigException(file, List.of("expected a file, found none"));
    } catch (StoreException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Text files of any Hadoop file system, from a store that has answered first. A file here goes
   * before one of the default file system: spark-submit puts what --files names into the driver's
   * working directory.
   */
  static TextSource texts(Configuration hadoop) {
    return file -> {
      Path path = new Path(file);
      boolean hasScheme = path.toUri().getScheme() != null;
      if (!hasScheme && new File(file).isFile()) {
        return TextSource.LOCAL.read(file);
      }
      if (hasScheme) {
        new StoreProbe(hadoop)
            .require(List.of(new Place("a file of the configuration", file, Access.READ)));
      }
      try (InputStream in = path.getFileSystem(hadoop).open(path)) {
        return TextSource.decode(in);
      }
    };
  }
}
