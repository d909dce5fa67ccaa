package org.adaptseg.spark.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import org.adaptseg.config.Phase;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Times averaging rounds of one parameter vector and its momentum, on executors in JVMs of their
 * own: ours, and those of dl4j-spark's training master with {@code saveUpdater}. Not a test; {@code
 * jobs/bench.sh} runs it:
 *
 * <pre>RoundBenchmark ours|dl4j WORKERS PARAMETERS ROUNDS</pre>
 *
 * <p>Ours computes nothing in a round. The training master cannot leave computing out, so its
 * network is one layer of as many parameters, and the time that one executor's fit takes in this
 * JVM, measured alone, is told beside ({@code fit_s}). Both sides run in JVMs with the same
 * options. All of their heap is touched at the start: memory that a virtual machine has not used
 * for some seconds must be had back from its host, 3 s a gigabyte where this was measured, and a
 * heap takes tens of rounds to grow.
 */
public final class RoundBenchmark {
  private static final int WIDTH = 1000;
  private static final int SLICES = 8;

  /** Rounds that do not count: both sides get faster for about so many, then no more. */
  private static final int WARM_UP = 8;

  private static final String JVM_OPTIONS = "spark.executor.defaultJavaOptions";

  /** As {@code jobs/bench/run.py} starts the driver. */
  private static final String HEAP_AT_ONCE = " -Xms4g -XX:+AlwaysPreTouch";

  private RoundBenchmark() {}

  /** Prints one JSON object. */
  public static void main(String[] arguments) throws IOException {
    int workers = Integer.parseInt(arguments[1]);
    int parameters = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("system", arguments[0]);
    result.put("workers", workers);
    result.put("state_bytes", 2L * parameters * Float.BYTES);
    int executors = Math.min(workers, 2);
    int slots = (workers + executors - 1) / executors;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    settings.put("spark.executor.memory", "4g");
    settings.put("spark.driver.maxResultSize", "8g");
    SparkConf shipped = new SparkConf(false);
    RoundSettings.addTo(shipped);
    if (arguments[0].equals("ours")) {
      Arrays.stream(shipped.getAll()).forEach(s -> settings.put(s._1(), s._2()));
    }
    settings.put(JVM_OPTIONS, shipped.get(JVM_OPTIONS) + HEAP_AT_ONCE);
    String master = "local-cluster[%d,%d,4096]".formatted(executors, slots);
    try (LocalSpark spark = LocalSpark.onCluster(master, settings)) {
      Traffic traffic = new Traffic();
      spark.context().sc().addSparkListener(traffic);
      double[] seconds =
          arguments[0].equals("ours")
              ? ours(spark, workers, parameters, rounds, traffic)
              : dl4j(spark, workers, parameters, rounds, traffic, result);
      result.put("seconds", seconds.clone());
      Arrays.sort(seconds);
      result.put("median_s", seconds[seconds.length / 2]);
      result.put("min_s", seconds[0]);
      result.put("shuffled_per_worker", traffic.shuffled.sum() / ((double) rounds * workers));
      result.put("driver_receives", traffic.results.sum() / (double) rounds);
    }
    System.out.println(new ObjectMapper().writeValueAsString(result));
  }

  /** Bytes that tasks wrote to the shuffle and sent to the driver. */
  private static final class Traffic extends SparkListener {
    final LongAdder shuffled = new LongAdder();
    final LongAdder results = new LongAdder();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      shuffled.add(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
      results.add(end.taskMetrics().resultSize());
    }
  }

  private static double[] ours(
      LocalSpark spark, int workers, int parameters, int rounds, Traffic traffic) {
    Idle factory = new Idle(parameters);
    AtomicReference<LearnerState> state = new AtomicReference<>(factory.initialState());
    try (RoundRunner runner =
        new RoundRunner(spark.context(), factory, workers, Slicing.exactly(SLICES))) {
      return timed(
          rounds,
          traffic,
          round -> {
            RoundPlan plan = new RoundPlan(round, Phase.SOURCE_ONLY, round, 1, 0);
            state.set(runner.run(state.get(), plan, "round " + round).state());
          });
    }
  }

  /** Seconds of each round that counts; the traffic is theirs, too. */
  private static double[] timed(int rounds, Traffic traffic, IntConsumer round) {
    double[] seconds = new double[rounds];
    for (int i = 0; i < WARM_UP + rounds; i++) {
      if (i == WARM_UP) {
        traffic.shuffled.reset();
        traffic.results.reset();
      }
      long begin = System.nanoTime();
      round.accept(i);
      if (i >= WARM_UP) {
        seconds[i - WARM_UP] = (System.nanoTime() - begin) / 1e9;
      }
    }
    return seconds;
  }

  /** Learners that learn nothing. */
  private record Idle(int parameters) implements LearnerFactory {
    @Override
    public Learner create() {
      return new IdleLearner();
    }

    @Override
    public LearnerState initialState() {
      return IdleLearner.randomState(parameters);
    }

    @Override
    public String cacheKey() {
      return "idle " + parameters;
    }
  }

  private static double[] dl4j(
      LocalSpark spark,
      int workers,
      int parameters,
      int rounds,
      Traffic traffic,
      Map<String, Object> result) {
    ComputationGraph graph = graph(parameters / WIDTH);
    DataSet example =
        new DataSet(Nd4j.rand(1, parameters / WIDTH), Nd4j.zeros(1, WIDTH).putScalar(0, 1));
    ComputationGraph alone = graph(parameters / WIDTH);
    double fit = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 3; i++) {
      long begin = System.nanoTime();
      alone.fit(example);
      fit = Math.min(fit, (System.nanoTime() - begin) / 1e9);
    }
    result.put("fit_s", fit);
    SparkComputationGraph network =
        new SparkComputationGraph(
            spark.context(),
            graph,
            new ParameterAveragingTrainingMaster.Builder(workers, 1)
                .batchSizePerWorker(1)
                .averagingFrequency(1)
                .saveUpdater(true)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .repartionData(Repartition.Never)
                .workerPrefetchNumBatches(0)
                .build());
    List<DataSet> batches = Collections.nCopies(workers, example);
    return timed(
        rounds, traffic, round -> network.fit(spark.context().parallelize(batches, workers)));
  }

  private static ComputationGraph graph(int inputs) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .updater(new Nesterovs(0.01, 0.9))
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(inputs)
                        .nOut(WIDTH)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "in")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }
}
