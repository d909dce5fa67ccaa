package org.adaptseg.report.mlflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adaptseg.data.store.Json;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;

/**
 * A run on the tracking server. Its id is kept in the run directory, so that a run which resumes
 * continues there. Every method waits for the server.
 */
final class TrackedRun {
  /** File in the run directory that holds the id. */
  static final String ID_FILE = "mlflow-run-id";

  private static final int PARAMETERS_A_REQUEST = 100;
  private static final int NOT_FOUND = 404;
  private static final int LONGEST_ID = 100;

  private final MlflowClient client;
  private final String id;

  private TrackedRun(MlflowClient client, String id) {
    this.client = client;
    this.id = id;
  }

  /**
   * What a run is on the server.
   *
   * @param experiment name of its experiment
   * @param name of the run
   * @param directory run directory
   * @param parameters by key
   * @param tags by key
   */
  record Description(
      String experiment,
      String name,
      Path directory,
      Map<String, String> parameters,
      Map<String, String> tags) {}

  /**
   * The run that the directory names, running again, or a new one.
   *
   * @param resumes whether an id in the directory is this run's
   */
  static TrackedRun open(
      MlflowClient client, Description description, boolean resumes, Configuration hadoop)
      throws IOException {
    Path file = new Path(description.directory(), ID_FILE);
    Optional<String> known = resumes ? read(file, hadoop) : Optional.empty();
    if (known.isPresent() && exists(client, known.get())) {
      TrackedRun run = new TrackedRun(client, known.get());
      run.client.sendPost(
          "runs/update", Json.line(Json.object().put("run_id", run.id).put("status", "RUNNING")));
      return run;
    }
    String experiment =
        client
            .getExperimentByName(description.experiment())
            .map(Experiment::getExperimentId)
            .orElseGet(() -> client.createExperiment(description.experiment()));
    CreateRun.Builder request =
        CreateRun.newBuilder()
            .setExperimentId(experiment)
            .setRunName(description.name())
            .setStartTime(System.currentTimeMillis());
    description
        .tags()
        .forEach((key, value) -> request.addTags(RunTag.newBuilder().setKey(key).setValue(value)));
    TrackedRun run = new TrackedRun(client, client.createRun(request.build()).getRunId());
    run.log(description.parameters());
    WholeFile.write(file, run.id.getBytes(StandardCharsets.UTF_8), hadoop);
    return run;
  }

  private static Optional<String> read(Path file, Configuration hadoop) throws IOException {
    return WholeFile.read(file, LONGEST_ID, hadoop)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .filter(text -> text.matches("[0-9A-Za-z-]+"));
  }

  private static boolean exists(MlflowClient client, String id) {
    try {
      client.getRun(id);
      return true;
    } catch (MlflowHttpException e) {
      if (e.getStatusCode() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void log(Map<String, String> parameters) {
    List<Param> all = new ArrayList<>();
    parameters.forEach(
        (key, value) -> all.add(Param.newBuilder().setKey(key).setValue(value).build()));
    for (int first = 0; first < all.size(); first += PARAMETERS_A_REQUEST) {
      int end = Math.min(all.size(), first + PARAMETERS_A_REQUEST);
      client.logBatch(id, List.of(), all.subList(first, end), List.of());
    }
  }

  /** Adds measurements; at most 1000, the server's limit. */
  void log(List<Metric> metrics) {
    client.logBatch(id, metrics, List.of(), List.of());
  }

  void tag(String key, String value) {
    client.setTag(id, key, value);
  }

  void end(RunStatus status) {
    client.setTerminated(id, status);
  }
}
