package org.adaptseg.train;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;

/**
 * A learner on its own thread, from creation to close. Native primitives keep scratch memory per
 * thread, sized when they are made, so one that is made by a thread may not run on another; and
 * Spark gives every task another thread.
 */
final class ConfinedLearner implements Learner {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread t = new Thread(task, "learner-" + COUNT.incrementAndGet());
            t.setDaemon(true);
            return t;
          });
  private final Learner learner;

  ConfinedLearner(Supplier<Learner> maker) {
    this.learner = call(maker::get);
  }

  @Override
  public void load(LearnerState state) {
    call(
        () -> {
          learner.load(state);
          return true;
        });
  }

  @Override
  public RoundReport run(RoundPlan plan, Shard shard) {
    return run(plan, shard, () -> {});
  }

  @Override
  public RoundReport run(RoundPlan plan, Shard shard, Runnable iterationDone) {
    return call(() -> learner.run(plan, shard, iterationDone));
  }

  @Override
  public LearnerState state() {
    return call(learner::state);
  }

  @Override
  public void close() {
    call(
        () -> {
          learner.close();
          return true;
        });
    thread.shutdown();
  }

  private <T> T call(Callable<T> work) {
    try {
      return thread.submit(work).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot continue: interrupted while a learner worked", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
