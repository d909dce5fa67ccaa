package org.adaptseg.report.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands in for MLflow's tracking server, which is a Python program: the calls of its REST API 2.0
 * that a run needs, over HTTP. Strict: what the API does not know or allow is answered with 400 and
 * remembered in {@link #refused}.
 */
final class TrackingServer implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BASE = "/api/2.0/mlflow/";
  private static final String KEY = "[A-Za-z0-9_ ./-]{1,250}";

  /** What the server knows of a run. */
  static final class Run {
    final String name;
    final String experiment;
    String status = "RUNNING";
    boolean ended;
    final Map<String, String> parameters = new TreeMap<>();
    final Map<String, String> tags = new TreeMap<>();
    final Map<String, List<String>> metrics = new TreeMap<>();

    Run(String name, String experiment) {
      this.name = name;
      this.experiment = experiment;
    }
  }

  final Map<String, String> experiments = new TreeMap<>();
  final Map<String, Run> runs = new TreeMap<>();
  final List<String> refused = new CopyOnWriteArrayList<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  volatile boolean broken;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  TrackingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    requests.add(call + " " + body);
    int status = 200;
    ObjectNode answer = MAPPER.createObjectNode();
    if (broken) {
      status = 500;
    } else {
      try {
        answer(exchange, call.replaceFirst("\\?.*", ""), body, answer);
      } catch (Missing e) {
        status = 404;
        answer.put("error_code", "RESOURCE_DOES_NOT_EXIST").put("message", e.getMessage());
      } catch (RuntimeException e) {
        status = 400;
        refused.add(call + ": " + e.getMessage());
        answer.put("error_code", "INVALID_PARAMETER_VALUE").put("message", e.getMessage());
      }
    }
    byte[] bytes = MAPPER.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Missing(String what) {
      super(what);
    }
  }

  private void answer(HttpExchange exchange, String call, String body, ObjectNode answer)
      throws IOException {
    switch (call) {
      case "GET " + BASE + "experiments/get-by-name" -> {
        String name = query(exchange, "experiment_name");
        String id = experiments.get(name);
        if (id == null) {
          throw new Missing("No experiment " + name);
        }
        answer.putObject("experiment").put("experiment_id", id).put("name", name);
      }
      case "POST " + BASE + "experiments/create" -> {
        JsonNode json = json(body, Set.of("name"), Set.of("artifact_location", "tags"));
        require(!experiments.containsKey(json.path("name").asText()), "experiment exists");
        String id = String.valueOf(experiments.size() + 1);
        experiments.put(json.path("name").asText(), id);
        answer.put("experiment_id", id);
      }
      case "POST " + BASE + "runs/create" -> createRun(body, answer);
      case "GET " + BASE + "runs/get" -> {
        String id = query(exchange, "run_id");
        run(id);
        answer.putObject("run").putObject("info").put("run_id", id);
      }
      case "POST " + BASE + "runs/log-batch" -> logBatch(body);
      case "POST " + BASE + "runs/set-tag" -> {
        JsonNode json = json(body, Set.of("key", "value"), Set.of("run_id", "run_uuid"));
        run(json.path("run_id").asText()).tags.put(key(json), json.path("value").asText());
      }
      case "POST " + BASE + "runs/update" -> {
        JsonNode json = json(body, Set.of(), Set.of("run_id", "run_uuid", "status", "end_time"));
        Run run = run(json.path("run_id").asText());
        run.status = json.path("status").asText();
        require(run.status.matches("RUNNING|SCHEDULED|FINISHED|FAILED|KILLED"), "status");
        run.ended = json.has("end_time");
      }
      default -> throw new IllegalArgumentException("no such call");
    }
  }

  private void createRun(String body, ObjectNode answer) throws IOException {
    JsonNode json =
        json(body, Set.of("experiment_id"), Set.of("run_name", "start_time", "tags", "user_id"));
    String experiment = json.path("experiment_id").asText();
    require(experiments.containsValue(experiment), "experiment " + experiment);
    require(json.path("start_time").asLong() > 1_700_000_000_000L, "start_time in milliseconds");
    Run run = new Run(json.path("run_name").asText(), experiment);
    json.path("tags").forEach(tag -> run.tags.put(key(tag), tag.path("value").asText()));
    String id = "%032x".formatted(runs.size() + 1);
    runs.put(id, run);
    answer.putObject("run").putObject("info").put("run_id", id).put("experiment_id", experiment);
  }

  private void logBatch(String body) throws IOException {
    JsonNode json = json(body, Set.of("run_id"), Set.of("metrics", "params", "tags"));
    require(body.length() <= 1 << 20, "at most 1 MB");
    require(json.path("metrics").size() <= 1000, "at most 1000 metrics");
    require(json.path("params").size() <= 100, "at most 100 params");
    require(json.path("tags").size() <= 100, "at most 100 tags");
    Run run = run(json.path("run_id").asText());
    for (JsonNode parameter : json.path("params")) {
      String value = parameter.path("value").asText();
      require(value.length() <= 500, "a value of at most 500 characters");
      String before = run.parameters.put(key(parameter), value);
      require(before == null || before.equals(value), "parameters do not change");
    }
    for (JsonNode metric : json.path("metrics")) {
      require(metric.path("value").isNumber(), "a number");
      require(metric.path("timestamp").asLong() > 1_700_000_000_000L, "milliseconds");
      run.metrics
          .computeIfAbsent(key(metric), k -> new ArrayList<>())
          .add(metric.path("step").asLong() + "=" + metric.path("value").asDouble());
    }
  }

  private Run run(String id) {
    Run run = runs.get(id);
    if (run == null) {
      throw new Missing("No run " + id);
    }
    return run;
  }

  private static String key(JsonNode node) {
    String key = node.path("key").asText();
    require(key.matches(KEY), "a key of letters, digits and _ - . / space, found " + key);
    return key;
  }

  private static JsonNode json(String body, Set<String> needed, Set<String> allowed)
      throws IOException {
    JsonNode json = MAPPER.readTree(body);
    needed.forEach(field -> require(json.has(field), "a field " + field));
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      require(needed.contains(name) || allowed.contains(name), "no field " + name);
    }
    return json;
  }

  private static String query(HttpExchange exchange, String name) {
    for (String part : exchange.getRequestURI().getRawQuery().split("&")) {
      if (part.startsWith(name + "=")) {
        return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    throw new IllegalArgumentException("expected a parameter " + name);
  }

  private static void require(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }
}
