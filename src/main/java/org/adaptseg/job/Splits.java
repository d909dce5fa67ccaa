package org.adaptseg.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.RareClassSampling;
import org.adaptseg.data.EarlyCheck;
import org.adaptseg.data.Mixture;
import org.adaptseg.data.RareClasses;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.dataset.LabelCensus;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.store.ShownText;
import org.adaptseg.spark.manifest.ManifestStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds a configuration's splits: in a manifest if it names one, by listing if not. */
final class Splits {
  /** Reading from a store waits more than it computes. */
  private static final int MOST_CHECKING_THREADS = 16;

  private static final int MOST_PROBLEMS = 20;
  private static final int OF_A_MANIFEST = 32;

  private static final String SOURCE = "data.source";

  private final RunConfig config;
  private final LabelSpace space;
  private final Configuration hadoop;

  Splits(RunConfig config, LabelSpace space, Configuration hadoop) {
    this.config = config;
    this.space = space;
    this.hadoop = hadoop;
  }

  /**
   * Finds the splits of a domain.
   *
   * @param domain key of the domain in the configuration, for messages
   * @param descriptions of the splits' datasets
   * @param problems receives what is wrong with the splits
   * @return nothing if there was a problem
   */
  Optional<Mixture> mixture(
      String domain,
      List<DatasetDescription> descriptions,
      List<RunConfig.Domain> splits,
      SplitPlan.Labels labels,
      List<String> problems) {
    List<Mixture.Component> components = new ArrayList<>();
    for (int i = 0; i < splits.size(); i++) {
      String key = RunConfig.Domain.key(domain, i, splits.size());
      RunConfig.Domain split = splits.get(i);
      try {
        components.add(find(key, descriptions.get(i), split, labels));
      } catch (DatasetException e) {
        String place = split.hasManifest() ? split.manifest() : split.root();
        String where = place.isEmpty() ? key : key + " (" + place + ")";
        e.problems().stream().limit(MOST_PROBLEMS).forEach(p -> problems.add(where + ": " + p));
      }
    }
    return components.size() == splits.size()
        ? Optional.of(new Mixture(components))
        : Optional.empty();
  }

  /**
   * Finds a split.
   *
   * @param key of the split in the configuration, for messages
   * @throws DatasetException with all problems of the split
   */
  private Mixture.Component find(
      String key, DatasetDescription description, RunConfig.Domain domain, SplitPlan.Labels labels)
      throws DatasetException {
    RunConfig.Data data = config.data();
    if (!domain.hasManifest() || !(description instanceof DatasetDescription.Files files)) {
      SplitPlan plan =
          SplitPlan.prepare(
              description,
              domain,
              space,
              labels,
              config.run().seed(),
              data.maxPixels(),
              data.normalisation(),
              hadoop);
      if (plan instanceof SplitPlan.Files listed && !listed.index().leftOut().isEmpty()) {
        System.out.printf(
            "%s: of what is in %s, %s%n", key, domain.root(), listed.index().leftOut().describe());
      }
      return new Mixture.Component(key, plan, domain.weight());
    }
    List<String> skipped = new ArrayList<>();
    boolean labelled = labels == SplitPlan.Labels.NEEDED;
    FileIndex index;
    RareClasses rare;
    try {
      Manifest manifest = ManifestStore.read(new Path(domain.manifest()), hadoop);
      index =
          manifest.select(
              files,
              domain.split(),
              space,
              labelled,
              data.skipBadSamples(),
              domain.manifest(),
              skipped::add);
      if (labelled) {
        List<String> problems = judge(key, files, LabelCensus.of(manifest.rows()));
        if (!problems.isEmpty()) {
          throw new DatasetException("the manifest of " + key, problems);
        }
      }
      rare = rareClasses(key, files, index, manifest);
    } catch (DatasetException e) {
      throw e;
    } catch (IOException e) {
      throw new DatasetException("the manifest of " + key, List.of(e.getMessage()));
    }
    if (!skipped.isEmpty()) {
      System.out.printf(
          "%s: %d bad samples are left out, %d are used%n",
          key, skipped.size(), index.entries().size());
      skipped.forEach(text -> System.out.println("  " + ShownText.of(text)));
    }
    SplitPlan plan =
        SplitPlan.of(files, domain, space, index, data.maxPixels(), data.normalisation());
    return new Mixture.Component(key, plan, domain.weight(), rare);
  }

  /** How a source split's images are drawn where it is by their classes, and says so. */
  private RareClasses rareClasses(
      String key, DatasetDescription.Files description, FileIndex index, Manifest manifest)
      throws DatasetException {
    RareClassSampling sampling = config.data().rareClasses();
    if (!sampling.sampling() || !key.startsWith(SOURCE)) {
      return RareClasses.NONE;
    }
    RareClasses rare =
        RareClasses.of(index, manifest, description.trainIds(space), space, sampling);
    if (rare.isNone()) {
      throw new DatasetException(
          "the manifest of " + key,
          List.of(
              String.format(
                  Locale.ROOT,
                  "expected an image with %d pixels of a class (data.rare-classes.least-pixels), found none",
                  sampling.leastPixels())));
    }
    System.out.printf("%s: images are drawn by their classes: %s%n", key, rare.describe());
    return rare;
  }

  /** What is a class in one split and, since its labels lack it, another or ignored in the next. */
  private void sayWhatOnlySomeTeach(Mixture splits, List<DatasetDescription> descriptions) {
    for (int i = 0; i < descriptions.size(); i++) {
      List<String> lacks = descriptions.get(i).lacks();
      List<String> elsewhere =
          space.names().stream()
              .filter(lacks::contains)
              .filter(name -> descriptions.stream().anyMatch(d -> !d.lacks().contains(name)))
              .toList();
      Mixture.Component component = splits.components().get(i);
      if (!elsewhere.isEmpty()
          && component.split() instanceof SplitPlan.Files files
          && files.index().labelled()) {
        System.out.printf(
            "%s: its labels never have %s, which labels of the other splits have%n",
            component.name(), String.join(", ", elsewhere));
      }
    }
  }

  /**
   * Reads samples of the splits before a run begins; see {@link EarlyCheck}. A manifest's samples
   * have been read: of those a few show whether its files are still there and the same.
   *
   * @return the problems
   */
  List<String> check(
      Mixture splits, List<DatasetDescription> descriptions, List<RunConfig.Domain> domain)
      throws IOException {
    sayWhatOnlySomeTeach(splits, descriptions);
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < domain.size(); i++) {
      Mixture.Component component = splits.components().get(i);
      problems.addAll(
          check(component.name(), component.split(), descriptions.get(i), domain.get(i)));
    }
    return problems;
  }

  private List<String> check(
      String key, SplitPlan split, DatasetDescription description, RunConfig.Domain domain)
      throws IOException {
    int bound = config.data().checkSamples();
    if (!(split instanceof SplitPlan.Files files) || bound == 0) {
      return List.of();
    }
    int threads = Math.min(MOST_CHECKING_THREADS, 2 * Runtime.getRuntime().availableProcessors());
    if (domain.hasManifest()) {
      return EarlyCheck.of(files, Math.min(bound, OF_A_MANIFEST), threads, hadoop)
          .problems()
          .stream()
          .map(problem -> key + ": " + problem)
          .toList();
    }
    if (files.size() > bound) {
      System.out.printf(
          "%s: %d of %d samples are checked before the run (data.check-samples);"
              + " ingest checks all, see data.source.manifest%n",
          key, bound, files.size());
    }
    EarlyCheck.Found found = EarlyCheck.of(files, bound, threads, hadoop);
    if (!found.turned().isEmpty()) {
      System.out.println(
          key + ": " + EarlyCheck.ofTurned(found.turned().size(), found.turned().get(0)));
    }
    if (!found.otherSized().isEmpty()) {
      System.out.println(
          key
              + ": "
              + EarlyCheck.ofOtherSized(found.otherSized().size(), found.otherSized().get(0)));
    }
    List<String> problems = new ArrayList<>(found.problems());
    if (description instanceof DatasetDescription.Files labelled) {
      problems.addAll(judge(key, labelled, found.census()));
    }
    return problems.stream().map(problem -> key + ": " + problem).toList();
  }

  /** Says what the labels lack; gives what makes them useless. */
  private List<String> judge(String key, DatasetDescription.Files description, LabelCensus census) {
    Map<Integer, String> classOf = description.classes(space);
    Optional<String> problem = census.problem(classOf);
    if (problem.isEmpty()) {
      census.notes(description, classOf).forEach(note -> System.out.println(key + ": " + note));
    }
    return problem.stream().toList();
  }
}
