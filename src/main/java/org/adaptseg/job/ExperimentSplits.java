package org.adaptseg.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.Mixture;
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

/** The splits that a configuration names, found and checked together. */
final class ExperimentSplits {
  /** What keys of {@link #lists} end with. */
  static final String FILES = ".files";

  private final RunConfig config;
  private final ResolvedData data;
  private final Splits splits;
  private final Mixture source;
  private final Mixture target;
  private final Mixture evaluation;

  /**
   * Asks the stores, then finds all splits.
   *
   * @param more places that are needed besides the datasets
   * @throws StoreException with all places that cannot be used
   * @throws DatasetException with the problems of all splits
   */
  ExperimentSplits(RunConfig config, ResolvedData data, Configuration hadoop, List<Place> more)
      throws IOException {
    this.config = config;
    this.data = data;
    this.splits = new Splits(config, data.classes(), hadoop);
    StoreProbe probe = new StoreProbe(hadoop);
    List<Place> places = roots();
    places.addAll(more);
    probe.require(places);
    List<String> problems = new ArrayList<>();
    // Without an oracle phase target splits cannot give labels: none can leak into training.
    SplitPlan.Labels ofTarget =
        config.schedule().readsTargetLabels() ? SplitPlan.Labels.NEEDED : SplitPlan.Labels.UNUSED;
    RunConfig.Data named = config.data();
    SplitPlan.Labels needed = SplitPlan.Labels.NEEDED;
    Optional<Mixture> sources =
        splits.mixture("data.source", data.source(), named.source(), needed, problems);
    Optional<Mixture> targets =
        splits.mixture("data.target", data.target(), named.target(), ofTarget, problems);
    Optional<Mixture> evaluated =
        splits.mixture(
            "data.evaluation",
            List.of(data.evaluation()),
            List.of(named.evaluation()),
            needed,
            problems);
    require(problems);
    this.source = sources.orElseThrow();
    this.target = targets.orElseThrow();
    this.evaluation = evaluated.orElseThrow();
    probe.require(samples());
  }

  private void require(List<String> problems) throws DatasetException {
    if (!problems.isEmpty()) {
      throw new DatasetException("the data of " + config.run().name(), problems);
    }
  }

  private List<Place> roots() {
    List<Place> roots = new ArrayList<>();
    RunConfig.Data named = config.data();
    roots("data.source", data.source(), named.source(), roots);
    roots("data.target", data.target(), named.target(), roots);
    roots("data.evaluation", List.of(data.evaluation()), List.of(named.evaluation()), roots);
    return roots;
  }

  private static void roots(
      String domain,
      List<DatasetDescription> descriptions,
      List<RunConfig.Domain> named,
      List<Place> roots) {
    for (int i = 0; i < named.size(); i++) {
      if (descriptions.get(i) instanceof DatasetDescription.Files) {
        String key = RunConfig.Domain.key(domain, i, named.size());
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
        Stream.of(source, target, evaluation).flatMap(m -> m.components().stream()).toList();
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
    RunConfig.Data named = config.data();
    List<String> problems = new ArrayList<>();
    problems.addAll(splits.check(source, data.source(), named.source()));
    problems.addAll(splits.check(target, data.target(), named.target()));
    problems.addAll(
        splits.check(evaluation, List.of(data.evaluation()), List.of(named.evaluation())));
    require(problems);
  }

  /** The source splits, with labels. */
  Mixture source() {
    return source;
  }

  /** The target splits; with labels only where a phase reads them. */
  Mixture target() {
    return target;
  }

  /** The evaluation split, with labels. */
  SplitPlan evaluation() {
    return evaluation.components().get(0).split();
  }

  /** Numbers of files and hashes of their lists, by key; drawn splits have none. */
  Map<String, String> lists() {
    Map<String, String> lists = new TreeMap<>();
    list("data.source", source, lists);
    list("data.target", target, lists);
    list("data.evaluation", evaluation, lists);
    return lists;
  }

  private static void list(String key, Mixture mixture, Map<String, String> lists) {
    int of = mixture.components().size();
    for (int i = 0; i < of; i++) {
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

  /** Number of images of each, by name. */
  Map<String, Long> sizes() {
    Map<String, Long> images = new TreeMap<>();
    count("source", source, images);
    count("target", target, images);
    count("evaluation", evaluation, images);
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
