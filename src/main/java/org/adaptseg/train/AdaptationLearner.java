package org.adaptseg.train;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.NonFinite;
import org.adaptseg.config.RunConfig;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;

/**
 * One worker's learning: the networks, the worker's share of both domains, and the {@link
 * AdaptationStep}. Samples are read ahead while the step computes, and from one round to the next.
 */
final class AdaptationLearner implements Learner {
  private static final double NANOS = 1e9;

  private final RunConfig config;
  private final Networks networks;
  private final AdaptationStep step;
  private final SampleSequence sequence;
  private SampleFeed feed;

  /** Takes over networks and splits, which are closed with this. */
  AdaptationLearner(
      RunConfig config,
      List<String> classes,
      Networks networks,
      SampleSequence.Opened source,
      SampleSequence.Opened target) {
    this.config = config;
    this.networks = networks;
    this.step = new AdaptationStep(networks, config, classes);
    this.sequence = new SampleSequence(config, source, target);
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
    long decoded = sequence.decoded();
    long begin = System.nanoTime();
    if (feed == null || !feed.goesOnWith(plan, shard)) {
      closeFeed();
      feed = new SampleFeed(sequence, plan, shard);
    }
    feed.beginRound();
    boolean whole = false;
    try {
      Made made = iterations(plan, iterationDone);
      whole = !made.stopped;
      feed.endRound(plan);
      double seconds = (System.nanoTime() - begin) / NANOS;
      double waited = feed.waited() / NANOS;
      return new RoundReport(
          made.reports,
          made.skipped,
          made.stopped,
          seconds - waited,
          waited,
          sequence.decoded() - decoded,
          networks.computation().toString());
    } finally {
      if (!whole) {
        closeFeed();
      }
    }
  }

  private static final class Made {
    private final List<RoundReport.Iteration> reports = new ArrayList<>();
    private final List<RoundReport.Skipped> skipped = new ArrayList<>();
    private boolean stopped;
  }

  private Made iterations(RoundPlan plan, Runnable iterationDone) {
    Made made = new Made();
    boolean skips = config.run().onNonFinite() == NonFinite.SKIP;
    for (int i = 0; i < plan.iterations() && !made.stopped; i++) {
      long iteration = plan.firstIteration() + i;
      // No trace of a skipped iteration may stay; its forward passes move the statistics.
      List<float[]> before = skips ? networks.generator().runningStatistics() : List.of();
      try {
        Losses losses = step.run(plan.phase(), iteration, plan.discriminatorSteps() + i + 1, feed);
        made.reports.add(new RoundReport.Iteration(iteration, losses));
      } catch (NonFiniteException e) {
        made.skipped.add(new RoundReport.Skipped(iteration, e.what(), e.samples()));
        made.stopped = !skips;
        networks.dropGradients();
        if (skips) {
          networks.generator().restoreRunningStatistics(before);
          feed.skipTo(i + 1);
        }
      }
      iterationDone.run();
    }
    if (!made.stopped && !networks.areFinite()) {
      made.stopped = true;
      made.skipped.add(
          new RoundReport.Skipped(
              plan.endIteration() - 1, "a parameter after the updates", "all of the round"));
    }
    return made;
  }

  private void closeFeed() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }

  @Override
  public void close() {
    closeFeed();
    networks.close();
    sequence.close();
  }
}
