package org.adaptseg.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.Locations;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.config.yaml.ShippedFiles;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.config.yaml.TextSource;

/**
 * What a configuration's dataset names stand for: shipped descriptions or files. Read once, where
 * the run starts, and shipped to the workers, who need not see the files.
 *
 * @param classes the label space
 * @param source descriptions of the source datasets, in the order of the configuration
 * @param target descriptions of the target datasets, in the order of the configuration
 * @param evaluation description of the dataset of the evaluation split
 */
public record ResolvedData(
    LabelSpace classes,
    List<DatasetDescription> source,
    List<DatasetDescription> target,
    DatasetDescription evaluation)
    implements Serializable {
  public ResolvedData {
    source = List.copyOf(source);
    target = List.copyOf(target);
  }

  /** The parts of a configuration's data, of which a command reads some. */
  public enum Part {
    /** {@code data.source}. */
    SOURCE,
    /** {@code data.target}. */
    TARGET,
    /** {@code data.evaluation}. */
    EVALUATION;

    /** The key below {@code data}. */
    String key() {
      return Names.lower(name());
    }
  }

  /** What a training reads. */
  public static final Set<Part> ALL = Set.of(Part.values());

  /** Looked for where names are resolved; workers, which get the result, need not find them. */
  private static final class Shipped {
    static final ShippedFiles LABEL_SPACES = ShippedFiles.in("label-spaces");
    static final ShippedFiles DATASETS = ShippedFiles.in("datasets");
  }

  /** Reads what the configuration names; files are local. */
  public static ResolvedData of(RunConfig.Data data) {
    return of(data, TextSource.LOCAL);
  }

  /**
   * Reads what the configuration names.
   *
   * @throws ConfigException with everything that does not fit: unknown names, splits that a dataset
   *     lacks, missing roots, classes that no label has
   */
  public static ResolvedData of(RunConfig.Data data, TextSource files) {
    return of(data, files, ALL);
  }

  /**
   * Reads what the configuration names. Descriptions are needed of all parts, since they are what a
   * run was made from; places of data only of those that are read.
   *
   * @param read the parts of which files are read
   * @throws ConfigException as {@link #of(RunConfig.Data, TextSource)}
   */
  public static ResolvedData of(RunConfig.Data data, TextSource files, Set<Part> read) {
    Resolver resolver = new Resolver(files, read);
    Optional<LabelSpace> space =
        resolver.find("data.classes", data.classes(), Shipped.LABEL_SPACES, LabelSpace.class);
    List<DatasetDescription> source = resolver.datasets(Part.SOURCE, data.source(), space, true);
    List<DatasetDescription> target = resolver.datasets(Part.TARGET, data.target(), space, false);
    List<DatasetDescription> evaluation =
        resolver.datasets(Part.EVALUATION, List.of(data.evaluation()), space, true);
    if (!resolver.problems.isEmpty()) {
      throw new ConfigException(resolver.problems);
    }
    return new ResolvedData(space.orElseThrow(), source, target, evaluation.get(0));
  }

  /** Names of the shipped datasets. */
  public static List<String> shippedDatasets() {
    return Shipped.DATASETS.names();
  }

  /** Names of the shipped label spaces. */
  public static List<String> shippedLabelSpaces() {
    return Shipped.LABEL_SPACES.names();
  }

  /** The label space of that shipped name or local .yaml path. */
  public static LabelSpace labelSpace(String name) {
    return labelSpace(name, TextSource.LOCAL);
  }

  /** The description of that shipped name or local .yaml path. */
  public static DatasetDescription dataset(String name) {
    return dataset(name, TextSource.LOCAL);
  }

  /** As {@link #labelSpace(String)}, of a path that {@code files} reads. */
  public static LabelSpace labelSpace(String name, TextSource files) {
    return labelSpace("data.classes", name, files);
  }

  /** As {@link #labelSpace(String, TextSource)}; {@code key} is what problems name. */
  static LabelSpace labelSpace(String key, String name, TextSource files) {
    return one(files, r -> r.find(key, name, Shipped.LABEL_SPACES, LabelSpace.class));
  }

  /** As {@link #dataset(String)}, of a path that {@code files} reads. */
  public static DatasetDescription dataset(String name, TextSource files) {
    return one(
        files, r -> r.find("data.dataset", name, Shipped.DATASETS, DatasetDescription.class));
  }

  private static <T> T one(
      TextSource files, java.util.function.Function<Resolver, Optional<T>> question) {
    Resolver resolver = new Resolver(files, Set.of());
    Optional<T> found = question.apply(resolver);
    return found.orElseThrow(() -> new ConfigException(resolver.problems));
  }

  /** Looks names up and gathers what is wrong. */
  private static final class Resolver {
    private final TextSource files;
    private final Set<Part> read;
    private final List<String> problems = new ArrayList<>();

    Resolver(TextSource files, Set<Part> read) {
      this.files = files;
      this.read = read;
    }

    /** The datasets of a domain; fewer than its splits only if there was a problem. */
    List<DatasetDescription> datasets(
        Part part, List<RunConfig.Domain> splits, Optional<LabelSpace> space, boolean labels) {
      List<DatasetDescription> all = new ArrayList<>();
      for (int i = 0; i < splits.size(); i++) {
        String key = RunConfig.Domain.key(part.key(), i, splits.size());
        Optional<DatasetDescription> found = dataset(key, splits.get(i), read.contains(part));
        found.ifPresent(all::add);
        if (found.isPresent() && space.isPresent()) {
          ignoresNoTrainId(key, found.get(), space.get());
          if (labels) {
            covers(key, found.get(), space.get());
          }
        }
      }
      return all;
    }

    Optional<DatasetDescription> dataset(String key, RunConfig.Domain domain, boolean isRead) {
      Optional<DatasetDescription> found =
          find(
              "data." + key + ".dataset",
              domain.dataset(),
              Shipped.DATASETS,
              DatasetDescription.class);
      found.ifPresent(
          description -> {
            if (!description.splitNames().contains(domain.split())) {
              problem(
                  "data." + key + ".split",
                  "one of "
                      + String.join(", ", description.splitNames())
                      + " of dataset "
                      + description.name(),
                  "'"
                      + domain.split()
                      + "'"
                      + Names.hint(domain.split(), description.splitNames()));
            }
            boolean ofFiles = description instanceof DatasetDescription.Files;
            if (isRead && ofFiles && domain.root().isBlank() && !domain.hasManifest()) {
              problem(
                  "data." + key + ".root",
                  "the directory of dataset " + description.name() + ", or a manifest",
                  "nothing");
            }
            if (!ofFiles && domain.hasManifest()) {
              problem(
                  "data." + key + ".manifest",
                  "none, since dataset " + description.name() + " is drawn",
                  domain.manifest());
            }
          });
      return found;
    }

    <T> Optional<T> find(String key, String name, ShippedFiles shipped, Class<T> type) {
      boolean isFile = Locations.isYamlFile(name);
      if (!isFile && !shipped.names().contains(name)) {
        problem(
            key,
            "one of " + String.join(", ", shipped.names()) + " or the path of a .yaml file",
            "'" + name + "'" + Names.hint(name, shipped.names()));
        return Optional.empty();
      }
      try {
        return Optional.of(
            isFile ? StrictYaml.read(files.read(name), name, type) : shipped.read(name, type));
      } catch (ConfigException e) {
        e.problems().forEach(problem -> problems.add(key + ": " + problem));
      } catch (FileNotFoundException | NoSuchFileException e) {
        problem(key, "a readable file '" + name + "'", "none (" + e.getMessage() + ")");
      } catch (IOException | IllegalArgumentException e) {
        boolean said = e.getMessage() != null && e.getMessage().startsWith("Cannot ");
        problem(key, "a readable file '" + name + "'", said ? e.getMessage() : e);
      }
      return Optional.empty();
    }

    /** A value cannot be a class's train id and ignored. */
    void ignoresNoTrainId(String key, DatasetDescription description, LabelSpace space) {
      if (description instanceof DatasetDescription.Files files && files.holdsTrainIds()) {
        List<Integer> taken =
            files.ignoredValues().stream().filter(id -> id < space.size()).sorted().toList();
        if (!taken.isEmpty()) {
          problem(
              "data." + key + ", label-map",
              String.format(
                  Locale.ROOT,
                  "ignored values beyond the train ids 0 to %d of %s",
                  space.size() - 1,
                  space.name()),
              taken);
        }
      }
    }

    /** A class that no pixel can have would be trained on nothing and counted in no mean. */
    void covers(String key, DatasetDescription description, LabelSpace space) {
      if (description instanceof DatasetDescription.Files files && files.holdsTrainIds()) {
        return;
      }
      List<String> missing =
          space.names().stream()
              .filter(name -> !description.classNames().contains(name))
              .filter(name -> !description.lacks().contains(name))
              .toList();
      if (!missing.isEmpty()) {
        problem(
            "data.classes",
            "a label space whose "
                + space.size()
                + " classes the labels of "
                + key
                + " dataset "
                + description.name()
                + " have",
            space.name() + " with " + missing.size() + " more: " + String.join(", ", missing));
      }
    }

    private void problem(String key, String expected, Object found) {
      problems.add(key + ": expected " + expected + ", found " + found);
    }
  }
}
