package org.adaptseg.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A Chromium without a window, driven through its DevTools protocol. The protocol is JSON over a
 * WebSocket, which the JDK has; a driver library would put its own Guava on Spark's class path.
 */
public final class Chromium implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path profile;
  private final ChildProcess process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  private Chromium(Path profile, ChildProcess process) throws Exception {
    this.profile = profile;
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(pageAddress(), new Listener())
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Starts the browser that is installed; without one, {@link NeededProgram} decides. */
  public static Chromium start() throws Exception {
    Path profile = Files.createTempDirectory("chromium");
    List<String> command =
        List.of(
            NeededProgram.find("open a page", "chromium", "chromium-browser", "google-chrome")
                .toString(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--disable-sync",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            "about:blank");
    ChildProcess process = ChildProcess.of(command).start(profile);
    try {
      return new Chromium(profile, process);
    } catch (Exception e) {
      process.close();
      throw e;
    }
  }

  /** The browser writes the port that it chose to a file of its profile. */
  private URI pageAddress() throws Exception {
    Path portFile = profile.resolve("DevToolsActivePort");
    await("DevTools of Chromium", () -> Files.exists(portFile) && lines(portFile).size() >= 2);
    URI pages = URI.create("http://127.0.0.1:" + lines(portFile).get(0) + "/json/list");
    HttpResponse<String> list =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(pages).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
    for (JsonNode target : MAPPER.readTree(list.body())) {
      if (target.path("type").asText().equals("page")) {
        return URI.create(target.path("webSocketDebuggerUrl").asText());
      }
    }
    throw new IllegalStateException("Cannot drive Chromium: found no page in " + list.body());
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }

  private void await(String what, BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            "Expected %s within %s; the browser %s and said: %s"
                .formatted(
                    what, PATIENCE, process.isAlive() ? "lives" : "is dead", process.soFar()));
      }
      Thread.sleep(50);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        try {
          receive(MAPPER.readTree(message));
        } catch (IOException e) {
          problems.add("unreadable message of the browser: " + e.getMessage());
        }
      }
      from.request(1);
      return null;
    }
  }

  private void receive(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
      if (message.has("error")) {
        answer.completeExceptionally(new IllegalStateException(message.path("error").toString()));
      } else {
        answer.complete(message.path("result"));
      }
      return;
    }
    JsonNode of = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown" -> problems.add(of.path("exceptionDetails").toString());
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(of.path("type").asText())) {
          problems.add(of.path("args").toString());
        }
      }
      case "Log.entryAdded" -> problems.add(of.path("entry").toString());
      case "Network.loadingFailed" -> problems.add(of.toString());
      case "Network.requestWillBeSent" -> requests.add(of.path("request").path("url").asText());
      default -> {
        // the protocol's other news
      }
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    String text =
        MAPPER.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
    socket.sendText(text, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** The page's size in CSS pixels, twice as many of the screen's; and light or dark. */
  public void look(int width, int height, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Opens a page and waits until it and all its pictures are there. */
  public void open(URI page) throws Exception {
    problems.clear();
    requests.clear();
    call("Page.navigate", Map.of("url", page.toString()));
    String loaded = "document.readyState === 'complete' && location.href === '%s'".formatted(page);
    await("the page " + page, () -> evaluateQuietly(loaded).asBoolean());
  }

  private JsonNode evaluateQuietly(String expression) {
    try {
      return evaluate(expression);
    } catch (Exception e) {
      return MAPPER.missingNode(); // while it navigates there may be no page to ask
    }
  }

  /** The value of a JavaScript expression, which may be a promise. */
  public JsonNode evaluate(String expression) throws Exception {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.path("exceptionDetails").toString());
    }
    return answer.path("result").path("value");
  }

  /** Errors and warnings since the page was opened. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Addresses asked for since the page was opened, the page's own and data URIs included. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The whole page as PNG. */
  public byte[] screenshot() throws Exception {
    JsonNode answer =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    return Base64.getDecoder().decode(answer.path("data").asText());
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    process.close();
    delete(profile.toFile());
  }

  private static void delete(File file) {
    File[] children = file.listFiles();
    if (children != null) {
      Arrays.stream(children).forEach(Chromium::delete);
    }
    file.delete(); // what a dying child process still holds stays for the system to clean up
  }
}
