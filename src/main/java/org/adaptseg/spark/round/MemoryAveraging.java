package org.adaptseg.spark.round;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.adaptseg.spark.task.SparkJob;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function2;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;

/**
 * Averaging where driver and executor are one process: workers take the state from memory and leave
 * theirs there, and the driver takes the mean. A round is one stage, and nothing is serialised but
 * its tasks. Memory holds the states of all workers at once.
 */
final class MemoryAveraging implements Averaging {
  private static final AtomicLong IDS = new AtomicLong();

  /** The rounds under way in this JVM, by the id that their tasks carry. */
  private static final Map<Long, Round> ROUNDS = new ConcurrentHashMap<>();

  /** Several attempts at one worker leave the same. */
  private record Round(LearnerState before, AtomicReferenceArray<WorkerRound.Learned> learned) {}

  private final JavaSparkContext context;

  MemoryAveraging(JavaSparkContext context) {
    this.context = context;
  }

  @Override
  public Averaged average(
      LearnerState before, WorkerRound learning, TrainedRanges trained, SparkJob job) {
    long id = IDS.incrementAndGet();
    int workers = learning.workers();
    Round round = new Round(before, new AtomicReferenceArray<>(workers));
    ROUNDS.put(id, round);
    try {
      context
          .sc()
          .runJob(
              learning.ids(context),
              new Task(learning, id),
              ClassTag$.MODULE$.apply(Integer.class));
    } finally {
      ROUNDS.remove(id);
    }
    List<WorkerRound.Learned> learned =
        IntStream.range(0, workers).mapToObj(round.learned::get).toList();
    List<RoundReport> reports = learned.stream().map(WorkerRound.Learned::report).toList();
    List<LearnerState> states = learned.stream().map(WorkerRound.Learned::state).toList();
    LearnerState mean = learning.layout().allocate();
    double[][] spread = mean(learning.layout(), before, states, trained, mean);
    learning.layout().differences().addTo(mean, before);
    return new Averaged(mean, Averaged.sum(spread, trained), reports);
  }

  /** Slices are shared out among the processors; gives the spread of each. */
  private static double[][] mean(
      StateLayout layout,
      LearnerState before,
      List<LearnerState> states,
      TrainedRanges trained,
      LearnerState result) {
    double[][] spreads = new double[layout.slices()][];
    int threads = Runtime.getRuntime().availableProcessors();
    IntStream.range(0, threads)
        .parallel()
        .forEach(
            thread -> {
              Spread spread = new Spread(trained, states.size());
              SliceMean mean = new SliceMean(states.size(), spread);
              SentValues sent = new SentValues(layout);
              for (int slice = thread; slice < layout.slices(); slice += threads) {
                average(layout, slice, before, states, sent, mean, result);
                spreads[slice] = spread.take();
              }
            });
    return spreads;
  }

  private static void average(
      StateLayout layout,
      int slice,
      LearnerState before,
      List<LearnerState> states,
      SentValues sent,
      SliceMean mean,
      LearnerState result) {
    List<List<FloatBuffer>> parts =
        states.stream().map(state -> layout.views(state, slice)).toList();
    List<FloatBuffer> begins = layout.views(before, slice);
    List<FloatBuffer> means = layout.views(result, slice);
    long offset = layout.start(slice);
    for (int view = 0; view < means.size(); view++) {
      int length = means.get(view).remaining();
      mean.begin(slice, offset);
      for (int worker = 0; worker < parts.size(); worker++) {
        FloatBuffer values = parts.get(worker).get(view);
        mean.add(worker, sent.of(begins.get(view), values, offset));
      }
      mean.mean(means.get(view));
      offset += length;
    }
  }

  /** Number of rounds under way in this JVM. */
  static int underWay() {
    return ROUNDS.size();
  }

  /** One worker's part. Of Spark's Scala interface for the reason that {@link WorkerTask} gives. */
  private record Task(WorkerRound learning, long id)
      implements Function2<TaskContext, Iterator<Integer>, Integer>, Serializable {
    @Override
    public Integer apply(TaskContext context, Iterator<Integer> ids) {
      int worker = ids.next();
      Round round = ROUNDS.get(id);
      if (round == null) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "Cannot learn: expected a round under way, found one that has ended (worker %d)",
                worker));
      }
      round.learned.set(worker, learning.learn(worker, round.before));
      return worker;
    }
  }
}
