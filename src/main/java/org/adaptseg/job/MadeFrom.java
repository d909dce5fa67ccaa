package org.adaptseg.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A configuration with the label spaces and dataset descriptions that it names, as a run directory
 * holds them: {@code config.yaml} names copies in {@code made-from} beside it, and data by absolute
 * locations. So the directory is enough to evaluate, predict and resume, wherever it is copied to.
 *
 * @param config the configuration, with names relative to the run directory
 * @param named what it names, by key
 * @param files texts of the copies, by their names relative to the run directory
 */
record MadeFrom(RunConfig config, Map<String, Record> named, Map<String, String> files) {
  static final String CONFIGURATION = "config.yaml";
  private static final String FOLDER = "made-from/";

  /** The key of the classes that scores are averaged over; the others are those of data. */
  static final String SCORED = "evaluation.classes";

  private static final String SCALING = "cluster.scaling";

  private static final int MAX_NAME = 100;

  /** What is looked at here is what a run was made from; whoever reads data asks for its place. */
  private static final Set<ResolvedData.Part> NO_DATA = Set.of();

  MadeFrom {
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** What a configuration and all that it names are. */
  static MadeFrom of(RunConfig config, ResolvedData data, Configuration hadoop) {
    TextSource texts = Configurations.texts(hadoop);
    Map<String, Record> named = new LinkedHashMap<>();
    named.put("data.classes", data.classes());
    List<DatasetDescription> descriptions = new ArrayList<>(data.source());
    descriptions.addAll(data.target());
    descriptions.add(data.evaluation());
    for (String key : domains(config).keySet()) {
      named.put(key + ".dataset", (Record) descriptions.remove(0));
    }
    String scored = config.evaluation().classes();
    if (!scored.isBlank()) {
      named.put(SCORED, ResolvedData.labelSpace(scored, texts));
    }
    Map<Record, String> names = new LinkedHashMap<>();
    Map<String, String> files = new LinkedHashMap<>();
    List<String> changes = new ArrayList<>();
    named.forEach(
        (key, record) -> {
          String name = names.computeIfAbsent(record, r -> fileName(r, files));
          files.putIfAbsent(name, StrictYaml.write(record));
          changes.add(set(key, name));
        });
    locations(config, hadoop).forEach((key, place) -> changes.add(set(key, place)));
    return new MadeFrom(
        ConfigLoader.load(
            ConfigLoader.toYaml(config),
            "the configuration of " + config.run().name(),
            changes,
            name -> files.containsKey(name) ? files.get(name) : texts.read(name),
            NO_DATA),
        named,
        files);
  }

  /** Every key of the configuration, and of what it names. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>(Changes.values(config).keySet());
    keys.addAll(named.keySet());
    return keys;
  }

  /** Splits by key, source before target before evaluation. */
  private static Map<String, RunConfig.Domain> domains(RunConfig config) {
    Map<String, RunConfig.Domain> domains = new LinkedHashMap<>();
    domains("data.source", config.data().source(), domains);
    domains("data.target", config.data().target(), domains);
    domains("data.evaluation", List.of(config.data().evaluation()), domains);
    return domains;
  }

  private static void domains(
      String key, List<RunConfig.Domain> splits, Map<String, RunConfig.Domain> domains) {
    for (int i = 0; i < splits.size(); i++) {
      // As overrides name an entry of a list.
      domains.put(splits.size() == 1 ? key : key + "." + i, splits.get(i));
    }
  }

  /** A name for people; another description of the same name gets a number. */
  private static String fileName(Record record, Map<String, String> taken) {
    String name =
        record instanceof LabelSpace space ? space.name() : ((DatasetDescription) record).name();
    String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[._]+", "");
    plain = plain.substring(0, Math.min(plain.length(), MAX_NAME));
    String file = FOLDER + plain + ".yaml";
    for (int number = 2; taken.containsKey(file); number++) {
      file = FOLDER + plain + "-" + number + ".yaml";
    }
    return file;
  }

  /** Places of data without those that depend on where the program was started. */
  private static Map<String, String> locations(RunConfig config, Configuration hadoop) {
    Map<String, String> places = new LinkedHashMap<>();
    domains(config)
        .forEach(
            (key, domain) -> {
              places.put(key + ".root", domain.root());
              places.put(key + ".manifest", domain.manifest());
            });
    places.put("initial-weights.file", config.initialWeights().file());
    places.values().removeIf(String::isBlank);
    places.replaceAll((key, place) -> absolute(place, hadoop));
    return places;
  }

  private static String absolute(String place, Configuration hadoop) {
    Path path = new Path(place);
    if (path.toUri().getScheme() != null || path.isAbsolute()) {
      return place;
    }
    try {
      Path whole = path.getFileSystem(hadoop).makeQualified(path);
      return whole.toUri().getScheme().equals("file") ? whole.toUri().getPath() : whole.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find %s: %s".formatted(place, e.getMessage()), e);
    }
  }

  private static String set(String key, String value) {
    return "%s='%s'".formatted(key, value.replace("'", "''"));
  }

  /**
   * The overrides with which the configuration of a run directory names files of that directory,
   * and the directory as its output; none for any other configuration.
   *
   * @param text of the configuration
   * @param file where it is
   */
  static List<String> overrides(String text, String file, TextSource texts) {
    if (!text.contains(FOLDER)) {
      return List.of();
    }
    Path parent = new Path(file).getParent();
    String directory = parent == null || parent.toString().isEmpty() ? "." : parent.toString();
    RunConfig written = asWritten(text, file, directory, texts);
    Map<String, String> names = new LinkedHashMap<>();
    names.put("data.classes", written.data().classes());
    domains(written).forEach((key, domain) -> names.put(key + ".dataset", domain.dataset()));
    names.put(SCORED, written.evaluation().classes());
    names.values().removeIf(name -> !name.startsWith(FOLDER));
    List<String> overrides = new ArrayList<>();
    if (!names.isEmpty()) {
      overrides.addAll(unstated(text, file));
      overrides.add(set("output.dir", directory));
      names.forEach((key, name) -> overrides.add(set(key, directory + "/" + name)));
    }
    return overrides;
  }

  /**
   * What the configuration of a run directory means that an earlier version wrote, as overrides: it
   * knew no {@code cluster.scaling}, and every worker made all iterations.
   */
  static List<String> unstated(String text, String file) {
    return ConfigLoader.states(text, file, SCALING) ? List.of() : List.of(set(SCALING, "work"));
  }

  /** The configuration of a run directory with the names that it has there, for people. */
  static RunConfig asWritten(String text, String file, String directory, TextSource texts) {
    return ConfigLoader.load(
        text,
        file,
        unstated(text, file),
        name -> texts.read(name.startsWith(FOLDER) ? directory + "/" + name : name),
        NO_DATA);
  }

  /**
   * What a run directory holds; none if there is no configuration in it.
   *
   * @throws org.adaptseg.config.yaml.ConfigException if it is no configuration of this version
   */
  static Optional<MadeFrom> read(Path directory, Configuration hadoop) throws IOException {
    Path file = new Path(directory, CONFIGURATION);
    if (!file.getFileSystem(hadoop).exists(file)) {
      return Optional.empty();
    }
    RunConfig config = Configurations.read(file.toString(), List.of(), NO_DATA);
    TextSource texts = Configurations.texts(hadoop);
    return Optional.of(of(config, ResolvedData.of(config.data(), texts, NO_DATA), hadoop));
  }

  /** Writes the copies, then the configuration that names them. */
  void write(Path directory, Configuration hadoop) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      WholeFile.write(new Path(directory, file.getKey()), utf8(file.getValue()), hadoop);
    }
    WholeFile.write(new Path(directory, CONFIGURATION), utf8(ConfigLoader.toYaml(config)), hadoop);
  }

  /** A hash of all but the output directory, which may be moved. */
  String hash() {
    RunConfig anywhere =
        ConfigLoader.load(
            ConfigLoader.toYaml(config),
            "the configuration of " + config.run().name(),
            List.of(set("output.dir", ".")),
            files::get,
            NO_DATA);
    return Sha256.of(ConfigLoader.toYaml(anywhere));
  }

  /** Hashes of what is named, by key. */
  Map<String, String> hashes() {
    Map<String, String> hashes = new LinkedHashMap<>();
    named.forEach((key, record) -> hashes.put(key, Sha256.of(StrictYaml.write(record))));
    return hashes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
