package org.adaptseg.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.CachedSplit;
import org.adaptseg.data.Prefetcher;
import org.adaptseg.data.Sample;
import org.adaptseg.data.SampleChange;
import org.adaptseg.data.SampleOrder;
import org.adaptseg.data.Split;
import org.adaptseg.data.random.SplitMix64;

/**
 * Which sample, changed how, a worker learns from at each place of a run: a function of the
 * configuration, the seed and the place. Keeps decoded samples as configured.
 */
final class SampleSequence implements AutoCloseable {
  private static final long SOURCE_ORDER = 1;
  private static final long TARGET_ORDER = 2;
  private static final long SOURCE_CHANGE = 3;
  private static final long TARGET_CHANGE = 4;

  private final RunConfig config;
  private final CachedSplit source;
  private final CachedSplit target;
  private final SampleOrder sourceOrder;
  private final SampleOrder targetOrder;
  private final SampleChange sourceChange;
  private final SampleChange targetChange;

  /** Takes over the splits, which are closed with this. */
  SampleSequence(RunConfig config, Split source, Split target) {
    this.config = config;
    int cached = config.data().cacheSamples();
    this.source = new CachedSplit(source, cached);
    this.target = new CachedSplit(target, cached);
    long seed = config.run().seed();
    this.sourceOrder = new SampleOrder(SplitMix64.hash(seed, SOURCE_ORDER), source.size());
    this.targetOrder = new SampleOrder(SplitMix64.hash(seed, TARGET_ORDER), target.size());
    var augmentation = config.data().augmentation();
    this.sourceChange = new SampleChange(augmentation, SplitMix64.hash(seed, SOURCE_CHANGE));
    this.targetChange = new SampleChange(augmentation, SplitMix64.hash(seed, TARGET_CHANGE));
  }

  /** Samples of each domain in an iteration. */
  int perIteration() {
    return config.optimizer().iterSize();
  }

  /** Samples that were read or drawn so far, rather than found in memory. */
  long decoded() {
    return source.decoded() + target.decoded();
  }

  /** The iteration before which the phase of a round ends; no earlier than the round does. */
  long phaseEnd(RoundPlan plan) {
    long end = 0;
    for (RunConfig.PhasePlan phase : config.schedule().phases()) {
      end += phase.iterations();
      if (plan.firstIteration() < end) {
        break;
      }
    }
    return Math.max(end, plan.endIteration());
  }

  /** Places of a worker in the global sequence of samples, counted from an iteration on. */
  record Places(long firstIteration, int iterSize, Shard shard) {
    long of(long place) {
      return SampleOrder.position(
          firstIteration + place / iterSize,
          (int) (place % iterSize),
          iterSize,
          shard.worker(),
          shard.workers());
    }
  }

  Places places(long firstIteration, Shard shard) {
    return new Places(firstIteration, perIteration(), shard);
  }

  Prefetcher<Sample.Labelled> sources(Places at, long count) {
    return ahead(
        Prefetcher.loader(
            source,
            place -> sourceOrder.index(at.of(place)),
            true,
            (split, place, index) -> sourceChange.apply(split.labelled(index), at.of(place))),
        count);
  }

  Prefetcher<Sample.Unlabelled> targets(Places at, long count) {
    return ahead(
        Prefetcher.loader(
            target,
            place -> targetOrder.index(at.of(place)),
            false,
            (split, place, index) -> targetChange.apply(split.unlabelled(index), at.of(place))),
        count);
  }

  /** For {@link Phase#ORACLE}. */
  Prefetcher<Sample.Labelled> labelledTargets(Places at, long count) {
    return ahead(
        Prefetcher.loader(
            target,
            place -> targetOrder.index(at.of(place)),
            true,
            (split, place, index) -> targetChange.apply(split.labelled(index), at.of(place))),
        count);
  }

  private <T> Prefetcher<T> ahead(Prefetcher.Loader<T> loader, long count) {
    return new Prefetcher<>(
        loader, count, config.data().prefetchThreads(), config.data().prefetchSamples());
  }

  @Override
  public void close() {
    try {
      source.close();
      target.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
