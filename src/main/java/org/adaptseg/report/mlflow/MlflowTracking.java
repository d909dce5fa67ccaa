package org.adaptseg.report.mlflow;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.Secrets;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.TrainingListener;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a run to an MLflow server: parameters are the configuration, metrics the losses of every
 * iteration, the timings of every round and the scores of every evaluation; a tag says where the
 * run directory is.
 *
 * <p>The server is called from a separate thread, so training never waits for it. What it did not
 * take waits in memory, up to a limit, and is sent later; at its end a run waits for a limited
 * time.
 */
public final class MlflowTracking implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowTracking.class);
  private static final String URI_VARIABLE = "MLFLOW_TRACKING_URI";
  private static final int METRICS_A_REQUEST = 1000;
  private static final int MOST_WAITING = 200_000;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String uri;
  private final TrackedRun.Description description;
  private final Configuration hadoop;
  private final LearningRates rates;
  private final List<String> classes;
  private final Duration patience;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "mlflow");
            made.setDaemon(true);
            return made;
          });

  private final ArrayDeque<Metric> waiting = new ArrayDeque<>(); // guarded by itself
  private final Map<String, String> tags = new HashMap<>(); // guarded by waiting
  private boolean scheduled; // guarded by waiting

  // The rest belongs to the thread.
  private MlflowClient client;
  private TrackedRun run;
  private boolean failing;
  private long notBefore = System.nanoTime();
  private volatile boolean resumes;
  private volatile boolean started;

  /**
   * The listener of a run, if a server is configured, by {@code tracking.mlflow.uri} or by the
   * environment.
   *
   * @param environment variables of the process
   * @param directory run directory
   * @param classes class names
   * @param tags what else is known of the run
   */
  public static Optional<TrainingListener> of(
      RunConfig config,
      Map<String, String> environment,
      Path directory,
      Configuration hadoop,
      List<String> classes,
      Map<String, String> tags)
      throws IOException {
    String uri = config.tracking().mlflow().uri();
    if (uri.isEmpty()) {
      uri = environment.getOrDefault(URI_VARIABLE, "");
    }
    if (uri.isEmpty()) {
      return Optional.empty();
    }
    Path qualified = directory.getFileSystem(hadoop).makeQualified(directory);
    Map<String, String> all = new HashMap<>(tags);
    all.put("run-directory", Secrets.withoutUser(qualified.toString()));
    TrackedRun.Description description =
        new TrackedRun.Description(
            config.tracking().mlflow().experiment(),
            config.run().name(),
            qualified,
            Parameters.of(config),
            all);
    return Optional.of(
        new MlflowTracking(uri, description, hadoop, LearningRates.of(config), classes, PATIENCE));
  }

  /**
   * @param patience how long the end of a run waits for the server
   */
  MlflowTracking(
      String uri,
      TrackedRun.Description description,
      Configuration hadoop,
      LearningRates rates,
      List<String> classes,
      Duration patience) {
    this.uri = uri;
    this.description = description;
    this.hadoop = hadoop;
    this.rates = rates;
    this.classes = List.copyOf(classes);
    this.patience = patience;
  }

  @Override
  public void onStart(long iteration, long totalIterations, List<String> notes) {
    resumes = iteration > 0;
    started = true;
    add(List.of());
  }

  @Override
  public void onRound(RoundPlan plan, List<RoundReport.Iteration> losses, RoundTimings timings) {
    List<Metric> metrics = new ArrayList<>();
    for (RoundReport.Iteration iteration : losses) {
      long step = iteration.iteration();
      iteration
          .losses()
          .terms()
          .forEach(
              (term, levels) ->
                  levels.forEach(
                      (level, value) -> measure(metrics, term + "/" + level.name(), value, step)));
      rates
          .at(plan.phase(), step)
          .forEach((name, rate) -> measure(metrics, "learning_rate/" + name, rate, step));
    }
    long last = plan.endIteration() - 1;
    measure(metrics, "round/seconds", timings.round(), last);
    measure(metrics, "round/step_seconds", timings.step(), last);
    measure(metrics, "round/input_wait_seconds", timings.inputWait(), last);
    timings
        .divergence()
        .forEach((name, value) -> measure(metrics, "divergence/" + name, value, last));
    add(metrics);
  }

  @Override
  public void onEvaluation(long iteration, ConfusionMatrix matrix) {
    Scores scores = Scores.of(matrix);
    List<Metric> metrics = new ArrayList<>();
    measure(metrics, "miou", scores.miou(), iteration);
    measure(metrics, "pixel_accuracy", scores.pixelAccuracy(), iteration);
    measure(metrics, "frequency_weighted_iou", scores.frequencyWeightedIou(), iteration);
    measure(metrics, "calibration_error", scores.calibrationError(), iteration);
    for (int c = 0; c < classes.size(); c++) {
      String name = "/" + classes.get(c).replaceAll("[^A-Za-z0-9_ ./-]", "_");
      measure(metrics, "iou" + name, scores.iou().get(c), iteration);
      measure(metrics, "precision" + name, scores.precision().get(c), iteration);
      measure(metrics, "recall" + name, scores.recall().get(c), iteration);
      measure(metrics, "f1" + name, scores.f1().get(c), iteration);
    }
    add(metrics);
  }

  private static void measure(List<Metric> metrics, String key, double value, long step) {
    // The server's store may have no place for values that are not numbers.
    if (Double.isFinite(value)) {
      metrics.add(
          Metric.newBuilder()
              .setKey(key)
              .setValue(value)
              .setStep(step)
              .setTimestamp(System.currentTimeMillis())
              .build());
    }
  }

  @Override
  public void onCheckpoint(long iteration, String location) {
    synchronized (waiting) {
      tags.put("checkpoint", Secrets.withoutUser(location));
    }
    add(List.of());
  }

  private void add(List<Metric> metrics) {
    synchronized (waiting) {
      waiting.addAll(metrics);
      while (waiting.size() > MOST_WAITING) {
        waiting.removeFirst();
      }
      if (!scheduled) {
        scheduled = true;
        thread.execute(() -> send(false));
      }
    }
  }

  @Override
  public void onEnd(long iteration) {
    end(RunStatus.FINISHED);
  }

  @Override
  public void onFailure(Throwable failure) {
    end(RunStatus.FAILED);
  }

  private void end(RunStatus status) {
    if (started && !thread.isShutdown()) {
      thread.execute(() -> finish(status));
      thread.shutdown();
      try {
        if (!thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("The MLflow server at {} did not answer within {}", shown(), patience);
          thread.shutdownNow();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void finish(RunStatus status) {
    if (send(true)) {
      attempt(() -> run.end(status));
    }
  }

  /** What may fail because of the server. */
  private interface Call {
    void run() throws IOException;
  }

  private boolean send(boolean now) {
    synchronized (waiting) {
      scheduled = false;
    }
    return (now || System.nanoTime() - notBefore >= 0) && attempt(this::sendAll);
  }

  private boolean attempt(Call call) {
    try {
      call.run();
      failing = false;
      return true;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        LOG.warn(
            "Cannot report this run to the MLflow server at {}; training continues: {}",
            shown(),
            Secrets.withoutUser(String.valueOf(e.getMessage())));
      }
      failing = true;
      notBefore = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
      return false;
    }
  }

  private void sendAll() throws IOException {
    if (client == null) {
      client = new MlflowClient(uri);
    }
    if (run == null) {
      run = TrackedRun.open(client, description, resumes, hadoop);
    }
    for (List<Metric> batch = batch(); !batch.isEmpty(); batch = batch()) {
      run.log(batch);
      taken(batch);
    }
    Map<String, String> now;
    synchronized (waiting) {
      now = Map.copyOf(tags);
    }
    for (Map.Entry<String, String> tag : now.entrySet()) {
      run.tag(tag.getKey(), tag.getValue());
      synchronized (waiting) {
        tags.remove(tag.getKey(), tag.getValue());
      }
    }
  }

  private List<Metric> batch() {
    synchronized (waiting) {
      return waiting.stream().limit(METRICS_A_REQUEST).toList();
    }
  }

  private void taken(List<Metric> batch) {
    synchronized (waiting) {
      // Fewer are there if the limit of memory has pushed some out meanwhile.
      for (Metric metric : batch) {
        if (waiting.peekFirst() == metric) {
          waiting.removeFirst();
        }
      }
    }
  }

  private String shown() {
    return Secrets.withoutUser(uri);
  }
}
