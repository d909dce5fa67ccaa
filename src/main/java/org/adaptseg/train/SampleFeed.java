package org.adaptseg.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.adaptseg.config.Phase;
import org.adaptseg.data.Prefetcher;
import org.adaptseg.data.Sample;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;

/**
 * A worker's samples in order, read ahead, to the end of a phase: the first ones of a round are
 * there when the round before it was this worker's too.
 */
final class SampleFeed implements AdaptationStep.Samples, AutoCloseable {
  private final Phase phase;
  private final Shard shard;
  private final int perIteration;
  private final Prefetcher<Sample.Labelled> sources;
  private final Prefetcher<Sample.Unlabelled> targets;
  private final Prefetcher<Sample.Labelled> labelledTargets;
  private long nextIteration;
  private long waited;
  private long sourcesTaken;
  private long targetsTaken;
  private long labelledTargetsTaken;

  /** Begins to read for a round and those after it. */
  SampleFeed(SampleSequence sequence, RoundPlan plan, Shard shard) {
    this.phase = plan.phase();
    this.shard = shard;
    this.perIteration = sequence.perIteration();
    this.nextIteration = plan.firstIteration();
    long count = (sequence.phaseEnd(plan) - nextIteration) * perIteration;
    SampleSequence.Places at = sequence.places(nextIteration, shard);
    sources = sequence.sources(at, phase.sources() ? count : 0);
    targets = sequence.targets(at, phase.targets() ? count : 0);
    labelledTargets = sequence.labelledTargets(at, phase.labelledTargets() ? count : 0);
  }

  /** Whether the next samples are those of a round. */
  boolean goesOnWith(RoundPlan plan, Shard of) {
    return plan.phase() == phase && of.equals(shard) && plan.firstIteration() == nextIteration;
  }

  /** Begins to count for a round. */
  void beginRound() {
    waited = 0;
    sourcesTaken = 0;
    targetsTaken = 0;
    labelledTargetsTaken = 0;
  }

  /** Nanoseconds of the round in which the step waited for samples. */
  long waited() {
    return waited;
  }

  /** After a round all of whose samples were taken. */
  void endRound(RoundPlan plan) {
    nextIteration = plan.endIteration();
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

  @Override
  public Sample.Labelled labelledTarget() {
    labelledTargetsTaken++;
    return take(labelledTargets);
  }

  /** Passes over what is left of the first {@code iterations} iterations of the round. */
  void skipTo(int iterations) {
    long count = (long) iterations * perIteration;
    while (phase.sources() && sourcesTaken < count) {
      source();
    }
    while (phase.targets() && targetsTaken < count) {
      target();
    }
    while (phase.labelledTargets() && labelledTargetsTaken < count) {
      labelledTarget();
    }
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
