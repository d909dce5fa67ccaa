package org.adaptseg.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.ResolvedData.Part;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.data.Mixture;
import org.adaptseg.data.RareClasses;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.store.FolderListing;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.StoreException;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The splits of a configuration that a job reads, found and checked together. */
final class ExperimentSplits {
  /** What keys of {@link #lists} end with. */
  static final String FILES = ".files";

  private final RunConfig config;
  private final Splits splits;

  /** What is read, source before target before evaluation. */
  private final Map<Part, Domain> read = new EnumMap<>(Part.class);

  private final Map<Part, Mixture> found = new EnumMap<>(Part.class);

  /** What the configuration says of a part of its data. */
  private record Domain(
      String key, List<DatasetDescription> descriptions, List<RunConfig.Domain> named) {}

  /**
   * Asks the stores, then finds the splits.
   *
   * @param parts which of them
   * @param more places that are needed besides the datasets
   * @throws StoreException with all places that cannot be used
   * @throws DatasetException with the problems of all splits
   */
  ExperimentSplits(
      RunConfig config, ResolvedData data, Configuration hadoop, Set<Part> parts, List<Place> more)
      throws IOException {
    this.config = config;
    this.splits = new Splits(config, data.classes(), hadoop);
    RunConfig.Data named = config.data();
    read.put(Part.SOURCE, new Domain("data.source", data.source(), named.source()));
    read.put(Part.TARGET, new Domain("data.target", data.target(), named.target()));
    read.put(
        Part.EVALUATION,
        new Domain("data.evaluation", List.of(data.evaluation()), List.of(named.evaluation())));
    read.keySet().retainAll(parts);
    StoreProbe probe = new StoreProbe(hadoop);
    List<Place> places = new ArrayList<>();
    read.values().forEach(domain -> roots(domain, places));
    places.addAll(more);
    probe.require(places);
    List<String> problems = new ArrayList<>();
    read.forEach(
        (part, domain) ->
            splits
                .mixture(
                    domain.key(), domain.descriptions(), domain.named(), labels(part), problems)
                .ifPresent(mixture -> found.put(part, mixture)));
    require(problems);
    probe.require(samples());
  }

  /** Without an oracle phase target splits cannot give labels: none can leak into training. */
  private SplitPlan.Labels labels(Part part) {
    return part != Part.TARGET || config.schedule().readsTargetLabels()
        ? SplitPlan.Labels.NEEDED
        : SplitPlan.Labels.UNUSED;
  }

  private void require(List<String> problems) throws DatasetException {
    if (!problems.isEmpty()) {
      throw new DatasetException("the data of " + config.run().name(), problems);
    }
  }

  private static void roots(Domain domain, List<Place> roots) {
    List<RunConfig.Domain> named = domain.named();
    for (int i = 0; i < named.size(); i++) {
      if (domain.descriptions().get(i) instanceof DatasetDescription.Files) {
        String key = RunConfig.Domain.key(domain.key(), i, named.size());
        RunConfig.Domain split = named.get(i);
        roots.add(
            split.hasManifest()
                ? new Place(key + ".manifest", split.manifest(), Access.LIST)
                : new Place(key + ".root", split.root(), Access.LIST));
      }
    }
  }

  /** A user may be allowed to list a bucket and not to read it: one sample of each split. */
  private List<Place> samples() {
    List<Place> samples = new ArrayList<>();
    List<Mixture.Component> all =
        found.values().stream().flatMap(m -> m.components().stream()).toList();
    for (Mixture.Component component : all) {
      if (component.split() instanceof SplitPlan.Files files) {
        FileIndex.Entry first = files.index().entries().get(0);
        samples.add(sample(files.index().root(), first.image()));
        if (files.index().labelled()) {
          samples.add(sample(files.index().root(), first.label()));
        }
      }
    }
    return samples;
  }

  private static Place sample(String root, String relative) {
    return new Place(
        "a sample", FolderListing.child(new Path(root), relative).toString(), Access.READ);
  }

  /**
   * Reads samples of the listed splits before a run begins.
   *
   * @throws DatasetException with the problems of all of them
   */
  void check() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<Part, Domain> entry : read.entrySet()) {
      Domain domain = entry.getValue();
      Mixture mixture = found.get(entry.getKey());
      problems.addAll(splits.check(mixture, domain.descriptions(), domain.named()));
    }
    require(problems);
  }

  /** The source splits, with labels. */
  Mixture source() {
    return found(Part.SOURCE);
  }

  /** The target splits; with labels only where a phase reads them. */
  Mixture target() {
    return found(Part.TARGET);
  }

  /** The evaluation split, with labels. */
  SplitPlan evaluation() {
    return found(Part.EVALUATION).components().get(0).split();
  }

  private Mixture found(Part part) {
    Mixture mixture = found.get(part);
    if (mixture == null) {
      throw new IllegalStateException(
          "Cannot use the %s data: expected a job that reads them, found one of %s"
              .formatted(Names.lower(part.name()), read.keySet()));
    }
    return mixture;
  }

  /** Numbers of files and hashes of their lists, by key; drawn splits have none. */
  Map<String, String> lists() {
    Map<String, String> lists = new TreeMap<>();
    found.forEach((part, mixture) -> list(read.get(part).key(), mixture, lists));
    return lists;
  }

  private static void list(String key, Mixture mixture, Map<String, String> lists) {
    int of = mixture.components().size();
    for (int i = 0; i < of; i++) {
      RareClasses rare = mixture.components().get(i).rare();
      if (!rare.isNone()) {
        // Other labels of the same files are drawn otherwise.
        lists.put(
            RunConfig.Domain.key(key, i, of) + ".rare-classes" + FILES,
            rare.classes().size() + " classes, SHA-256 " + hash(rare));
      }
      if (mixture.components().get(i).split() instanceof SplitPlan.Files files) {
        MessageDigest digest = Sha256.digest();
        for (FileIndex.Entry entry : files.index().entries()) {
          digest.update((entry.image() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        lists.put(
            RunConfig.Domain.key(key, i, of) + FILES,
            files.size() + " files, SHA-256 " + Sha256.of(digest));
      }
    }
  }

  private static String hash(RareClasses rare) {
    MessageDigest digest = Sha256.digest();
    for (RareClasses.ClassImages of : rare.classes()) {
      String line = of.name() + " " + of.probability() + " " + Arrays.toString(of.images()) + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.of(digest);
  }

  /** Number of images of each, by name. */
  Map<String, Long> sizes() {
    Map<String, Long> images = new TreeMap<>();
    found.forEach((part, mixture) -> count(Names.lower(part.name()), mixture, images));
    return images;
  }

  private static void count(String use, Mixture mixture, Map<String, Long> images) {
    images.put(use, (long) mixture.size());
    int of = mixture.components().size();
    for (int i = 0; i < of; i++) {
      long size = mixture.components().get(i).split().size();
      images.put(RunConfig.Domain.key(use, i, of), size);
    }
  }
}
