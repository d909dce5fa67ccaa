package org.adaptseg.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.store.StoreException;
import org.adaptseg.data.store.StoreProbe;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The three splits that a configuration names, found and checked together. */
final class ExperimentSplits {
  private static final int MOST_PROBLEMS = 20;

  private final RunConfig config;
  private final ResolvedData data;
  private final Splits splits;
  private final SplitPlan source;
  private final SplitPlan target;
  private final SplitPlan evaluation;

  /**
   * Asks the stores, then finds all three splits.
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
    // Without an oracle phase the target split cannot give labels: none can leak into training.
    SplitPlan.Labels ofTarget =
        config.schedule().readsTargetLabels() ? SplitPlan.Labels.NEEDED : SplitPlan.Labels.UNUSED;
    RunConfig.Data named = config.data();
    this.source =
        find("data.source", data.source(), named.source(), SplitPlan.Labels.NEEDED, problems);
    this.target = find("data.target", data.target(), named.target(), ofTarget, problems);
    this.evaluation =
        find(
            "data.evaluation",
            data.evaluation(),
            named.evaluation(),
            SplitPlan.Labels.NEEDED,
            problems);
    require(problems);
    probe.require(samples());
  }

  private void require(List<String> problems) throws DatasetException {
    if (!problems.isEmpty()) {
      throw new DatasetException("the data of " + config.run().name(), problems);
    }
  }

  private List<Place> roots() {
    List<Place> roots = new ArrayList<>();
    if (config.initialWeights().given()) {
      roots.add(new Place("initial-weights.file", config.initialWeights().file(), Access.READ));
    }
    root("data.source", data.source(), config.data().source(), roots);
    root("data.target", data.target(), config.data().target(), roots);
    root("data.evaluation", data.evaluation(), config.data().evaluation(), roots);
    return roots;
  }

  private static void root(
      String key, DatasetDescription description, RunConfig.Domain domain, List<Place> roots) {
    if (description instanceof DatasetDescription.Files) {
      roots.add(
          domain.hasManifest()
              ? new Place(key + ".manifest", domain.manifest(), Access.LIST)
              : new Place(key + ".root", domain.root(), Access.LIST));
    }
  }

  private SplitPlan find(
      String key,
      DatasetDescription description,
      RunConfig.Domain domain,
      SplitPlan.Labels labels,
      List<String> problems) {
    try {
      return splits.find(key, description, domain, labels);
    } catch (DatasetException e) {
      String place = domain.hasManifest() ? domain.manifest() : domain.root();
      String where = place.isEmpty() ? key : key + " (" + place + ")";
      e.problems().stream().limit(MOST_PROBLEMS).forEach(p -> problems.add(where + ": " + p));
      return null;
    }
  }

  /** A user may be allowed to list a bucket and not to read it: one sample of each split. */
  private List<Place> samples() {
    List<Place> samples = new ArrayList<>();
    for (SplitPlan plan : List.of(source, target, evaluation)) {
      if (plan instanceof SplitPlan.Files files) {
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
    return new Place("a sample", new Path(new Path(root), relative).toString(), Access.READ);
  }

  /**
   * Reads samples of the listed splits before a run begins.
   *
   * @throws DatasetException with the problems of all of them
   */
  void check() throws IOException {
    RunConfig.Data named = config.data();
    List<String> problems = new ArrayList<>();
    problems.addAll(splits.check("data.source", source, data.source(), named.source()));
    problems.addAll(splits.check("data.target", target, data.target(), named.target()));
    problems.addAll(
        splits.check("data.evaluation", evaluation, data.evaluation(), named.evaluation()));
    require(problems);
  }

  /** The source split, with labels. */
  SplitPlan source() {
    return source;
  }

  /** The target split; with labels only where a phase reads them. */
  SplitPlan target() {
    return target;
  }

  /** The evaluation split, with labels. */
  SplitPlan evaluation() {
    return evaluation;
  }

  /** Number of images of each, by name. */
  Map<String, Long> sizes() {
    return Map.of(
        "source", (long) source.size(),
        "target", (long) target.size(),
        "evaluation", (long) evaluation.size());
  }
}
