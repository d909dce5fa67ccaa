package org.adaptseg.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.DatasetDescription;
import org.adaptseg.config.LabelSpace;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.EarlyCheck;
import org.adaptseg.data.SplitPlan;
import org.adaptseg.data.dataset.DatasetException;
import org.adaptseg.data.dataset.FileIndex;
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
    FileIndex index;
    try {
      index =
          ManifestStore.read(new Path(domain.manifest()), hadoop)
              .select(
                  files,
                  domain.split(),
                  space,
                  labels == SplitPlan.Labels.NEEDED,
                  data.skipBadSamples(),
                  domain.manifest(),
                  skipped::add);
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
  List<String> check(String key, SplitPlan split, RunConfig.Domain domain) throws IOException {
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
    return EarlyCheck.problems(files, bound, threads, hadoop).stream()
        .map(problem -> key + ": " + problem)
        .toList();
  }
}
