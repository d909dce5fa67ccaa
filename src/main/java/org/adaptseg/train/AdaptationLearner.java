package org.adaptseg.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.NonFinite;
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
 * One worker's learning: the networks, the worker's share of both domains, and the {@link
 * AdaptationStep}. Samples are read ahead while the step computes.
 */
final class AdaptationLearner implements Learner {
  private static final long SOURCE_ORDER = 1;
  private static final long TARGET_ORDER = 2;
  private static final long SOURCE_CHANGE = 3;
  private static final long TARGET_CHANGE = 4;
  private static final double NANOS = 1e9;

  private final RunConfig config;
  private final Networks networks;
  private final AdaptationStep step;
  private final CachedSplit source;
  private final CachedSplit target;
  private final SampleOrder sourceOrder;
  private final SampleOrder targetOrder;
  private final SampleChange sourceChange;
  private final SampleChange targetChange;

  /** Takes over networks and splits, which are closed with this. */
  AdaptationLearner(
      RunConfig config, List<String> classes, Networks networks, Split source, Split target) {
    this.config = config;
    this.networks = networks;
    this.step = new AdaptationStep(networks, config, classes);
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

  @Override
  public void load(LearnerState state) {
    networks.load(state);
  }

  @Override
  public LearnerState state() {
    return networks.state();
  }

  @Override
  public RoundReport run(RoundPlan plan, Shard shard) {
    return run(plan, shard, () -> {});
  }

  @Override
  public RoundReport run(RoundPlan plan, Shard shard, Runnable iterationDone) {
    List<RoundReport.Iteration> reports = new ArrayList<>();
    long decoded = decoded();
    List<RoundReport.Skipped> skipped = new ArrayList<>();
    boolean skips = config.run().onNonFinite() == NonFinite.SKIP;
    boolean stopped = false;
    long begin = System.nanoTime();
    try (Feed feed = new Feed(plan, shard)) {
      for (int i = 0; i < plan.iterations() && !stopped; i++) {
        long iteration = plan.firstIteration() + i;
        // Nothing of an iteration that is left out may stay; its forwards move the statistics.
        List<float[]> before = skips ? networks.generator().runningStatistics() : List.of();
        try {
          Losses losses =
              step.run(plan.phase(), iteration, plan.discriminatorSteps() + i + 1, feed);
          reports.add(new RoundReport.Iteration(iteration, losses));
        } catch (NonFiniteException e) {
          skipped.add(new RoundReport.Skipped(iteration, e.what(), e.samples()));
          stopped = !skips;
          networks.dropGradients();
          if (skips) {
            networks.generator().restoreRunningStatistics(before);
            feed.skipTo(plan, i + 1);
          }
        }
        iterationDone.run();
      }
      if (!stopped && !networks.areFinite()) {
        stopped = true;
        skipped.add(
            new RoundReport.Skipped(
                plan.endIteration() - 1, "a parameter after the updates", "all of the round"));
      }
      double seconds = (System.nanoTime() - begin) / NANOS;
      double waited = feed.waited / NANOS;
      return new RoundReport(
          reports, skipped, stopped, seconds - waited, waited, decoded() - decoded);
    }
  }

  private long decoded() {
    return source.decoded() + target.decoded();
  }

  /** The round's samples in order, read ahead. */
  private final class Feed implements AdaptationStep.Samples, AutoCloseable {
    private final Prefetcher<Sample.Labelled> sources;
    private final Prefetcher<Sample.Unlabelled> targets;
    private final Prefetcher<Sample.Labelled> labelledTargets;
    private long waited;
    private long sourcesTaken;
    private long targetsTaken;

    Feed(RoundPlan plan, Shard shard) {
      int iterSize = config.optimizer().iterSize();
      long count = (long) plan.iterations() * iterSize;
      int threads = config.data().prefetchThreads();
      int ahead = config.data().prefetchSamples();
      Phase phase = plan.phase();
      Positions at = new Positions(plan.firstIteration(), iterSize, shard);
      sources =
          new Prefetcher<>(
              Prefetcher.loader(
                  source,
                  place -> sourceOrder.index(at.of(place)),
                  (split, place, index) -> sourceChange.apply(split.labelled(index), at.of(place))),
              phase == Phase.ORACLE ? 0 : count,
              threads,
              ahead);
      targets =
          new Prefetcher<>(
              Prefetcher.loader(
                  target,
                  place -> targetOrder.index(at.of(place)),
                  (split, place, index) ->
                      targetChange.apply(split.unlabelled(index), at.of(place))),
              phase == Phase.ADVERSARIAL ? count : 0,
              threads,
              ahead);
      labelledTargets =
          new Prefetcher<>(
              Prefetcher.loader(
                  target,
                  place -> targetOrder.index(at.of(place)),
                  (split, place, index) -> targetChange.apply(split.labelled(index), at.of(place))),
              phase == Phase.ORACLE ? count : 0,
              threads,
              ahead);
    }

    @Override
    public Sample.Labelled source() {
      sourcesTaken++;
      return take(sources);
    }

    @Override
    public Sample.Unlabelled target() {
      targetsTaken++;
      return take(targets);
    }

    /** Passes over what is left of the first {@code iterations} iterations of the round. */
    void skipTo(RoundPlan plan, int iterations) {
      long count = (long) iterations * config.optimizer().iterSize();
      while (sourcesTaken < count) {
        if (plan.phase() == Phase.ORACLE) {
          labelledTarget();
        } else {
          source();
        }
      }
      while (plan.phase() == Phase.ADVERSARIAL && targetsTaken < count) {
        target();
      }
    }

    @Override
    public Sample.Labelled labelledTarget() {
      sourcesTaken++; // it stands for a source sample
      return take(labelledTargets);
    }

    private <T> T take(Prefetcher<T> from) {
      long begin = System.nanoTime();
      try {
        return from.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      } finally {
        waited += System.nanoTime() - begin;
      }
    }

    @Override
    public void close() {
      sources.close();
      targets.close();
      labelledTargets.close();
    }
  }

  /** Places of a round in the global sequence of samples. */
  private record Positions(long firstIteration, int iterSize, Shard shard) {
    long of(long place) {
      return SampleOrder.position(
          firstIteration + place / iterSize,
          (int) (place % iterSize),
          iterSize,
          shard.worker(),
          shard.workers());
    }
  }

  @Override
  public void close() {
    networks.close();
    try {
      source.close();
      target.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
