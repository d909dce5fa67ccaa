package org.adaptseg.job;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.Secrets;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.data.store.Places;
import org.adaptseg.data.store.StoreException;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.spark.StoreSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Reads configurations of runs, and Hadoop's settings to read them with. */
public final class Configurations {
  private static final String DEMO = "/conf/demo.yaml";

  private Configurations() {}

  /**
   * Reads a configuration. That of a run directory names files of the directory, and the directory
   * as its output, wherever it was copied to.
   *
   * @param file a local file, or the URI of one on a Hadoop file system
   * @param overrides {@code key=value}, each replacing one value of the file
   * @throws ConfigException with all problems of the file and the overrides
   */
  public static RunConfig read(String file, List<String> overrides) {
    return read(file, overrides, ResolvedData.ALL);
  }

  /**
   * As {@link #read(String, List)}, for who reads less than a training.
   *
   * @param parts of the data whose places must be named
   */
  public static RunConfig read(String file, List<String> overrides, Set<ResolvedData.Part> parts) {
    if (Secrets.holdsPassword(file)) {
      throw new ConfigException(
          "--config",
          List.of("expected a location without user and password, found one with them"));
    }
    TextSource files = texts(hadoop(file));
    String place;
    String text;
    try {
      place = inRunDirectory(file);
      text = files.read(place);
    } catch (FileNotFoundException e) {
      throw new ConfigException(file, List.of(whatIsThere(file)));
    } catch (StoreException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    List<String> all = new ArrayList<>(MadeFrom.overrides(text, place, files));
    all.addAll(overrides);
    return ConfigLoader.load(text, place, all, files, parts);
  }

  private static String whatIsThere(String file) {
    try {
      Path path = new Path(file);
      if (path.getFileSystem(hadoop()).getFileStatus(path).isDirectory()) {
        return "expected a file or a run directory, found a directory without "
            + MadeFrom.CONFIGURATION;
      }
    } catch (IOException e) {
      // Nothing is there, or nothing that can be asked for.
    }
    return "expected a file, found none";
  }

  /**
   * The configuration with which a run resumes. Where a run of an earlier version is in its output
   * directory, and neither the file nor the overrides state {@code cluster.scaling}, it continues
   * with what it was made with.
   */
  public static RunConfig toResume(String file, List<String> overrides) {
    RunConfig config = read(file, overrides);
    try {
      Path saved = new Path(config.output().dir(), MadeFrom.CONFIGURATION);
      if (!saved.getFileSystem(hadoop()).exists(saved)) {
        return config;
      }
      List<String> all = new ArrayList<>(unstated(inRunDirectory(file)));
      if (!all.isEmpty()) {
        all = new ArrayList<>(unstated(saved.toString()));
      }
      all.addAll(overrides);
      return read(file, all);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static List<String> unstated(String file) throws IOException {
    return MadeFrom.unstated(texts(hadoop(file)).read(file), file);
  }

  /** A run directory stands for the configuration in it. */
  private static String inRunDirectory(String file) throws IOException {
    if (file.endsWith(".yaml") || file.endsWith(".yml")) {
      return file;
    }
    Path inside = new Path(file, MadeFrom.CONFIGURATION);
    boolean isThere = inside.getFileSystem(hadoop()).exists(inside);
    return isThere ? inside.toString() : file;
  }

  /**
   * The configuration of the run that made a checkpoint.
   *
   * @param checkpoint the directory of a checkpoint in a run directory, or the latter
   */
  public static String ofCheckpoint(String checkpoint) {
    try {
      Path run = RunDirectory.runOf(new Path(checkpoint), hadoop());
      return new Path(run, MadeFrom.CONFIGURATION).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(checkpoint, e.getMessage()), e);
    }
  }

  /**
   * The demo's configuration, which the program carries.
   *
   * @param overrides {@code key=value}, each replacing one value
   */
  public static RunConfig demo(List<String> overrides) {
    try (InputStream in = Configurations.class.getResourceAsStream(DEMO)) {
      return ConfigLoader.load(TextSource.decode(in), "conf/demo.yaml", overrides);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read the demo's configuration", e);
    }
  }

  /** Hadoop's settings as Spark will have them, and what readers of samples need. */
  public static Configuration hadoop() {
    return StoreSettings.addTo(SparkHadoopUtil.get().newConfiguration(SparkHandle.settings()));
  }

  /**
   * As {@link #hadoop()}, for what a configuration names: messages say where that was looked for.
   */
  public static Configuration hadoop(String file) {
    Configuration hadoop = hadoop();
    Places.besideFile(file, hadoop);
    return hadoop;
  }

  /**
   * Text files of any Hadoop file system, from a store that has answered first. A local file takes
   * precedence over one of the default file system: spark-submit puts what --files names into the
   * driver's working directory.
   */
  public static TextSource texts(Configuration hadoop) {
    return new HadoopTexts(hadoop);
  }

  private record HadoopTexts(Configuration hadoop) implements TextSource {
    @Override
    public String read(String file) throws IOException {
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
      } catch (FileNotFoundException e) {
        throw (IOException) new FileNotFoundException(Places.describe(file, hadoop)).initCause(e);
      }
    }

    @Override
    public String fixed(String path) {
      return hasLocalDefault() ? TextSource.LOCAL.fixed(path) : path;
    }

    private boolean hasLocalDefault() {
      return FileSystem.getDefaultUri(hadoop).getScheme().equals("file");
    }

    @Override
    public Optional<String> find(String folder, String relative) throws IOException {
      String beside = folder + (folder.endsWith("/") ? "" : "/") + relative;
      Path path = new Path(beside);
      boolean local = hasLocalDefault();
      if (path.toUri().getScheme() == null) {
        Optional<String> file = TextSource.LOCAL.find(folder, relative);
        if (file.isPresent() || local) {
          return file.map(f -> local ? f : "file://" + f);
        }
      }
      return path.getFileSystem(hadoop).exists(path) ? Optional.of(beside) : Optional.empty();
    }
  }
}
