package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.adaptseg.config.Phase;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.train.Learner;
import org.adaptseg.train.LearnerFactory;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.adaptseg.train.Losses;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.Shard;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Our rounds against the training master of dl4j-spark: one network of DL4J's own layers, one
 * built-in loss, the same batches in the same order to the same workers.
 */
class ParameterAveragingControlTest {
  private static final int WORKERS = 2;
  private static final int AVERAGING_INTERVAL = 3;
  private static final int ROUNDS = 4;
  private static final int BATCH = 4;
  private static final int CLASSES = 3;
  private static final double LEARNING_RATE = 0.05;
  private static final double MOMENTUM = 0.9;
  private static final int CHANNELS = 3;
  private static final int SIZE = 16;

  @Test
  void ourRoundsEqualThoseOfDl4jSpark() {
    try (LocalSpark spark = LocalSpark.start("local[2]")) {
      GraphFactory factory = new GraphFactory(11);
      LearnerState ours = factory.initialState();
      ComputationGraph initial = graph();
      write(initial, ours);
      SparkComputationGraph control =
          new SparkComputationGraph(spark.context(), initial, trainingMaster());
      LearnerState before = ours;
      try (RoundRunner runner =
          new RoundRunner(spark.context(), factory, WORKERS, Slicing.exactly(5))) {
        for (int round = 0; round < ROUNDS; round++) {
          int first = round * AVERAGING_INTERVAL;
          RoundPlan plan = new RoundPlan(round, Phase.SOURCE_ONLY, first, AVERAGING_INTERVAL, 0);
          ours = runner.run(ours, plan, "round " + (round + 1)).state();
          control.fit(spark.context().parallelize(batches(factory, plan), WORKERS));
          requireEqual(ours, read(control.getNetwork()), "round " + round);
        }
      }
      assertThat(largestDifference(ours, before, 0)).isGreaterThan(0.01);
      assertThat(largestDifference(ours, before, 1)).isGreaterThan(0.001);
    }
  }

  private static void requireEqual(LearnerState ours, LearnerState control, String where) {
    for (int vector = 0; vector < 2; vector++) {
      assertThat(largestDifference(ours, control, vector))
          .as("%s, %s", where, ours.vectors().get(vector).name())
          .isCloseTo(0, within(1e-5));
    }
  }

  private static double largestDifference(LearnerState a, LearnerState b, int vector) {
    float[] x = a.vectors().get(vector).values();
    float[] y = b.vectors().get(vector).values();
    assertThat(x).hasSameSizeAs(y).hasSizeGreaterThan(500);
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs((double) x[i] - y[i]));
    }
    return largest;
  }

  /** Every fit is one round: its partitions are the workers' batches, not repartitioned. */
  private static ParameterAveragingTrainingMaster trainingMaster() {
    return new ParameterAveragingTrainingMaster.Builder(WORKERS, BATCH)
        .batchSizePerWorker(BATCH)
        .averagingFrequency(AVERAGING_INTERVAL)
        .saveUpdater(true)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .repartionData(Repartition.Never)
        .storageLevel(StorageLevel.MEMORY_ONLY())
        .workerPrefetchNumBatches(0)
        .build();
  }

  /** The round's batches, worker by worker, so that they fall into one partition each. */
  private static List<DataSet> batches(GraphFactory factory, RoundPlan plan) {
    List<DataSet> batches = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      for (long t = plan.firstIteration(); t < plan.endIteration(); t++) {
        batches.add(factory.batch(t * WORKERS + worker));
      }
    }
    return batches;
  }

  private static ComputationGraph graph() {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .dataType(DataType.DOUBLE)
            .updater(new Nesterovs(LEARNING_RATE, MOMENTUM))
            .graphBuilder()
            .addInputs("image")
            .addLayer(
                "stem",
                new ConvolutionLayer.Builder(5, 5).stride(2, 2).nIn(CHANNELS).nOut(8).build(),
                "image")
            .addLayer("norm", new BatchNormalization.Builder().nIn(8).nOut(8).build(), "stem")
            .addLayer("relu", new ActivationLayer(Activation.RELU), "norm")
            .addLayer(
                "head",
                new ConvolutionLayer.Builder(3, 3).dilation(2, 2).nIn(8).nOut(6).build(),
                "relu")
            .addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "head")
            .addLayer(
                "classes",
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                    .nIn(6)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "mean")
            .setOutputs("classes")
            .build();
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }

  private static LearnerState read(ComputationGraph graph) {
    return new LearnerState(
        List.of(
            new Vector("generator.parameters", graph.params().dup().data().asFloat()),
            new Vector(
                "generator.updater",
                graph.getUpdater().getStateViewArray().dup().data().asFloat())));
  }

  private static void write(ComputationGraph graph, LearnerState state) {
    graph.setParams(Nd4j.createFromArray(state.vectors().get(0).values()).castTo(DataType.DOUBLE));
    INDArray updater = graph.getUpdater().getStateViewArray();
    updater.assign(Nd4j.createFromArray(state.vectors().get(1).values()).reshape(updater.shape()));
  }

  private static INDArray doubles(float[] values) {
    return Nd4j.createFromArray(values).castTo(DataType.DOUBLE);
  }

  /** Learners that fit the graph to batches drawn by position. */
  private record GraphFactory(long seed) implements LearnerFactory {
    @Override
    public Learner create() {
      return new GraphLearner(this, graph());
    }

    @Override
    public LearnerState initialState() {
      return read(graph());
    }

    @Override
    public String cacheKey() {
      return "graph " + seed;
    }

    /** Images whose mean grey tells their class, with noise. */
    DataSet batch(long position) {
      SplittableRandom random = new SplittableRandom(seed * 1_000_003 + position);
      int pixels = CHANNELS * SIZE * SIZE;
      float[] images = new float[BATCH * pixels];
      float[] labels = new float[BATCH * CLASSES];
      for (int b = 0; b < BATCH; b++) {
        int label = random.nextInt(CLASSES);
        labels[b * CLASSES + label] = 1;
        for (int i = 0; i < pixels; i++) {
          images[b * pixels + i] = (float) (label - 1 + 2 * random.nextDouble() - 1);
        }
      }
      return new DataSet(
          doubles(images).reshape(BATCH, CHANNELS, SIZE, SIZE),
          doubles(labels).reshape(BATCH, CLASSES));
    }
  }

  private record GraphLearner(GraphFactory factory, ComputationGraph graph) implements Learner {
    @Override
    public void load(LearnerState state) {
      write(graph, state);
    }

    @Override
    public RoundReport run(RoundPlan plan, Shard shard) {
      List<RoundReport.Iteration> iterations = new ArrayList<>();
      for (long t = plan.firstIteration(); t < plan.endIteration(); t++) {
        graph.fit(factory.batch(t * shard.workers() + shard.worker()));
        Losses losses = new LossTerms().main(Losses.SEGMENTATION, graph.score()).losses();
        iterations.add(new RoundReport.Iteration(t, losses));
      }
      return new RoundReport(iterations, 0, 0, 0);
    }

    @Override
    public LearnerState state() {
      return read(graph);
    }

    @Override
    public void close() {
      graph.close();
    }
  }
}
