package org.adaptseg.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.adaptseg.config.RunConfig;
import org.adaptseg.data.CachedSplit;
import org.adaptseg.data.MixedOrder;
import org.adaptseg.data.Prefetcher;
import org.adaptseg.data.Sample;
import org.adaptseg.data.SampleChange;
import org.adaptseg.data.SampleOrder;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Schedule;
import org.adaptseg.train.schedule.Shard;

/**
 * Which sample, changed how, a worker learns from at each place of a run: a function of the
 * configuration, the seed and the place.
 */
final class SampleSequence implements AutoCloseable {
  private static final long SOURCE_ORDER = 1;
  private static final long TARGET_ORDER = 2;
  private static final long SOURCE_CHANGE = 3;
  private static final long TARGET_CHANGE = 4;

  private final RunConfig config;
  private final DomainSamples source;
  private final DomainSamples target;

  /**
   * A domain's splits as one, the order in which they are gone through, and how their samples are
   * changed.
   *
   * @param ends first index behind each of the splits
   * @param changes of each of the splits
   */
  private record DomainSamples(
      CachedSplit split, MixedOrder order, int[] ends, List<SampleChange> changes) {
    private SampleChange change(int index) {
      int part = 0;
      while (index >= ends[part]) {
        part++;
      }
      return changes.get(part);
    }

    Prefetcher.Loader<Sample.Labelled> labelled(Places at) {
      return Prefetcher.loader(
          split,
          place -> order.index(at.of(place)),
          true,
          (of, place, index) -> change(index).apply(of.labelled(index), at.of(place)));
    }

    Prefetcher.Loader<Sample.Unlabelled> unlabelled(Places at) {
      return Prefetcher.loader(
          split,
          place -> order.index(at.of(place)),
          false,
          (of, place, index) -> change(index).apply(of.unlabelled(index), at.of(place)));
    }
  }

  /**
   * The opened splits of a domain as one.
   *
   * @param parts the splits in it, in order
   */
  record Opened(CachedSplit split, List<MixedOrder.Part> parts) {
    /** One split alone. */
    static Opened of(CachedSplit split) {
      return new Opened(split, List.of(new MixedOrder.Part(split.size(), 1)));
    }
  }

  /** Takes over the splits, which are closed with this. */
  SampleSequence(RunConfig config, Opened source, Opened target) {
    this.config = config;
    RunConfig.Data data = config.data();
    this.source = domain(source, data.source(), SOURCE_ORDER, SOURCE_CHANGE);
    this.target = domain(target, data.target(), TARGET_ORDER, TARGET_CHANGE);
  }

  private DomainSamples domain(
      Opened opened, List<RunConfig.Domain> splits, long order, long change) {
    long seed = config.run().seed();
    RunConfig.Data data = config.data();
    int[] ends = opened.parts().stream().mapToInt(MixedOrder.Part::size).toArray();
    Arrays.parallelPrefix(ends, Integer::sum);
    return new DomainSamples(
        opened.split(),
        new MixedOrder(SplitMix64.hash(seed, order), opened.parts()),
        ends,
        splits.stream()
            .map(
                split ->
                    new SampleChange(
                        data.augmentation(),
                        split.crop(),
                        split.jitter(),
                        data.normalisation(),
                        SplitMix64.hash(seed, change)))
            .toList());
  }

  /** Samples of each domain in an iteration. */
  int perIteration() {
    return config.optimizer().imagesOfAnIteration();
  }

  /** Samples that were read or drawn so far, rather than found in memory. */
  long decoded() {
    return source.split.decoded() + target.split.decoded();
  }

  /** The iteration before which the phase of a round ends; no earlier than the round does. */
  long phaseEnd(RoundPlan plan) {
    long end = 0;
    for (RunConfig.PhasePlan phase : Schedule.of(config).phases()) {
      end += phase.iterations();
      if (plan.firstIteration() < end) {
        break;
      }
    }
    return Math.max(end, plan.endIteration());
  }

  /** Places of a worker in the global sequence of samples, counted from an iteration on. */
  record Places(long firstIteration, int perIteration, Shard shard) {
    long of(long place) {
      return SampleOrder.position(
          firstIteration + place / perIteration,
          (int) (place % perIteration),
          perIteration,
          shard.worker(),
          shard.workers());
    }
  }

  Places places(long firstIteration, Shard shard) {
    return new Places(firstIteration, perIteration(), shard);
  }

  Prefetcher<Sample.Labelled> sources(Places at, long count) {
    return ahead(source.labelled(at), count);
  }

  Prefetcher<Sample.Unlabelled> targets(Places at, long count) {
    return ahead(target.unlabelled(at), count);
  }

  /** Target samples with their labels. */
  Prefetcher<Sample.Labelled> labelledTargets(Places at, long count) {
    return ahead(target.labelled(at), count);
  }

  private <T> Prefetcher<T> ahead(Prefetcher.Loader<T> loader, long count) {
    return new Prefetcher<>(
        loader, count, config.data().prefetchThreads(), config.data().prefetchSamples());
  }

  @Override
  public void close() {
    try {
      source.split.close();
      target.split.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
