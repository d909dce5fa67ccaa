package org.adaptseg.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.EarlyCheck;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.dataset.LabelCensus;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.spark.manifest.ManifestStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds a configuration's splits: in a manifest if it names one, by listing if not. */
final class Splits {
  /** Reading from a store waits more than it computes. */
  private static final int MOST_CHECKING_THREADS = 16;

  private final RunConfig config;
  private final LabelSpace space;
  private final Configuration hadoop;

  Splits(RunConfig config, LabelSpace space, Configuration hadoop) {
    this.config = config;
    this.space = space;
    this.hadoop = hadoop;
  }

  /**
   * Finds a split.
   *
   * @param key of the split in the configuration, for messages
   * @throws DatasetException with all problems of the split
   */
  SplitPlan find(
      String key, DatasetDescription description, RunConfig.Domain domain, SplitPlan.Labels labels)
      throws DatasetException {
    RunConfig.Data data = config.data();
    if (!domain.hasManifest() || !(description instanceof DatasetDescription.Files files)) {
      return SplitPlan.prepare(
          description,
          domain,
          space,
          labels,
          config.run().seed(),
          data.maxPixels(),
          data.normalisation(),
          hadoop);
    }
    List<String> skipped = new ArrayList<>();
    boolean labelled = labels == SplitPlan.Labels.NEEDED;
    FileIndex index;
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
    } catch (DatasetException e) {
      throw e;
    } catch (IOException e) {
      throw new DatasetException("the manifest of " + key, List.of(e.getMessage()));
    }
    if (!skipped.isEmpty()) {
      System.out.printf(
          "%s: %d bad samples are left out, %d are used%n",
          key, skipped.size(), index.entries().size());
      skipped.forEach(text -> System.out.println("  " + text));
    }
    return SplitPlan.of(files, domain, space, index, data.maxPixels(), data.normalisation());
  }

  /**
   * Reads samples of a listed split before a run begins; see {@link EarlyCheck}. A manifest's
   * samples have been read.
   *
   * @return the problems
   */
  List<String> check(
      String key, SplitPlan split, DatasetDescription description, RunConfig.Domain domain)
      throws IOException {
    int bound = config.data().checkSamples();
    if (!(split instanceof SplitPlan.Files files) || domain.hasManifest() || bound == 0) {
      return List.of();
    }
    if (files.size() > bound) {
      System.out.printf(
          "%s: %d of %d samples are checked before the run (data.check-samples);"
              + " ingest checks all, see data.source.manifest%n",
          key, bound, files.size());
    }
    int threads = Math.min(MOST_CHECKING_THREADS, 2 * Runtime.getRuntime().availableProcessors());
    EarlyCheck.Found found = EarlyCheck.of(files, bound, threads, hadoop);
    if (!found.turned().isEmpty()) {
      System.out.printf(
          "%s: %d of the images that were read have an EXIF orientation (%s); pixels and labels are"
              + " taken as stored: labels that were drawn on a viewer's picture do not fit them%n",
          key, found.turned().size(), found.turned().get(0));
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
