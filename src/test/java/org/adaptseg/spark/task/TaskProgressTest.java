package org.adaptseg.spark.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.adaptseg.config.Phase;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.spark.DistributedEvaluation;
import org.adaptseg.spark.round.RoundRunner;
import org.adaptseg.spark.round.RoundRunnerTest;
import org.adaptseg.spark.round.Slicing;
import org.adaptseg.testing.LinearLearner;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.inference.Evaluator;
import org.adaptseg.train.inference.EvaluatorFactory;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers stop half way until the driver has heard that they are there. */
class TaskProgressTest {
  private static final LinearLearner.Factory FACTORY = new LinearLearner.Factory(3, 301);
  private static final RoundPlan PLAN = new RoundPlan(0, Phase.SOURCE_ONLY, 0, 6, 0);
  private static LocalSpark spark;
  private static volatile CountDownLatch halfWay;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start("local[2]", Map.of("spark.executor.heartbeatInterval", "100ms"));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void arm() {
    halfWay = new CountDownLatch(1);
  }

  @Test
  void howFarARoundIsIsHeardBeforeItEnds() {
    List<Double> heard = new CopyOnWriteArrayList<>();
    LearnerFactory factory = new Stopping();
    try (RoundRunner rounds = new RoundRunner(spark.context(), factory, 2, Slicing.exactly(3))) {
      rounds.run(
          factory.initialState(),
          PLAN,
          "round",
          iterations -> {
            heard.add(iterations);
            if (iterations == 3) {
              halfWay.countDown();
            }
          });
    }
    assertThat(heard).contains(3.0).isSorted().doesNotHaveDuplicates();
    assertThat(heard).allMatch(iterations -> iterations <= 6);
  }

  @Test
  void howFarAnEvaluationIsIsHeardBeforeItEnds() {
    List<Long> heard = new CopyOnWriteArrayList<>();
    new DistributedEvaluation(spark.context(), new StoppingEvaluation(), 2)
        .evaluate(
            FACTORY.initialState(),
            "evaluation",
            images -> {
              heard.add(images);
              if (images == 4) {
                halfWay.countDown();
              }
            });
    assertThat(heard).contains(4L).isSorted().doesNotHaveDuplicates();
  }

  private static void stop(String who) {
    try {
      if (!halfWay.await(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("Cannot continue: nobody heard of " + who);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes half its iterations and waits. */
  private record Stopping() implements LearnerFactory {
    @Override
    public Learner create() {
      return new RoundRunnerTest.Wrapped(FACTORY.create()) {
        @Override
        public RoundReport run(RoundPlan plan, Shard shard, Runnable iterationDone) {
          for (int i = 0; i < plan.iterations(); i++) {
            if (i == plan.iterations() / 2) {
              TaskProgressTest.stop("worker " + shard.worker());
            }
            iterationDone.run();
          }
          return super.run(plan, shard);
        }
      };
    }

    @Override
    public LearnerState initialState() {
      return FACTORY.initialState();
    }

    @Override
    public String cacheKey() {
      return "stopping " + FACTORY.cacheKey();
    }
  }

  /** Two tasks of four images each; both wait before their third. */
  private record StoppingEvaluation() implements EvaluatorFactory {
    @Override
    public int size() {
      return 8;
    }

    @Override
    public Evaluator create(LearnerState state) {
      return new Evaluator() {
        @Override
        public ConfusionMatrix evaluate(int index) {
          if (index % 4 == 2) {
            TaskProgressTest.stop("image " + index);
          }
          return new ConfusionMatrix(2);
        }

        @Override
        public void close() {}
      };
    }
  }
}
