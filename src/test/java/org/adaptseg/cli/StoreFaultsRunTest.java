package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.adaptseg.data.store.StoreRetries;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.data.streets.SyntheticWriter.Streets;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.FaultyProxy;
import org.adaptseg.testing.FaultyProxy.Fault;
import org.adaptseg.testing.S3Server;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole training whose data and output are in a store that fails now and then. */
@Tag("faults")
@Tag("slow")
class StoreFaultsRunTest {
  /** The program's own, not that of the tests. */
  private static final Path LOGGING = Path.of("src/main/resources/log4j2.properties");

  private static final int EVERY = 15;
  private static final Fault[] CYCLE = {
    Fault.STATUS_500, Fault.RESET, Fault.STATUS_503, Fault.CUT, Fault.STALL
  };

  @TempDir Path directory;

  @Test
  void aStoreThatFailsNowAndThenChangesNoBitAndLearnsNoSecret() throws IOException {
    write(new Configuration(), directory.resolve("data").toString());
    Path logs = directory.resolve("logs");
    SmallTraining.succeed(Map.of(), arguments(directory.resolve("data"), directory.resolve("run")));
    try (S3Server server = S3Server.start(directory.resolve("s3"), "streets", "runs");
        FaultyProxy proxy = FaultyProxy.start(server.endpoint())) {
      write(server.hadoop(), "s3a://streets");
      proxy.set(new NowAndThen());
      Ended ended =
          SmallTraining.finish(
              SmallTraining.process(
                      settings(server, proxy), arguments("s3a://streets", "s3a://runs/run"))
                  .options("-Dlog4j2.configurationFile=" + LOGGING.toAbsolutePath()),
              logs);
      assertThat(proxy.harmed()).as("requests that met a fault").isGreaterThan(10);
      Path stored = server.buckets().resolve("runs/run");
      assertThat(SmallTraining.vectors(stored))
          .isEqualTo(SmallTraining.vectors(directory.resolve("run")));
      assertThat(ended.err())
          .contains("Trying again to save the checkpoint s3a://runs/run/checkpoints/iteration-");
      for (String secret : List.of(S3Server.SECRET_KEY, S3Server.ACCESS_KEY)) {
        assertThat(ended.out()).doesNotContain(secret);
        assertThat(ended.err()).doesNotContain(secret);
        assertThat(filesWith(secret, stored)).as("files with %s", secret).isEmpty();
      }
    }
  }

  /** From the first checkpoint on: credentials are refused twice, then every so often something. */
  private static final class NowAndThen implements FaultyProxy.Faults {
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicInteger refusals = new AtomicInteger(2);
    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public Fault at(String method, String target) {
      boolean vector = target.contains("/checkpoints/iteration-") && target.contains(".f32");
      if (method.equals("PUT") && vector) {
        begun.set(true);
        if (refusals.getAndDecrement() > 0) {
          return Fault.STATUS_403;
        }
      }
      int request = begun.get() ? requests.incrementAndGet() : 0;
      return request % EVERY == 1 && request > EVERY
          ? CYCLE[request / EVERY % CYCLE.length]
          : Fault.NONE;
    }
  }

  private static void write(Configuration hadoop, String root) throws IOException {
    SyntheticWriter writer = new SyntheticWriter(hadoop, 1, 64, 32);
    Streets source = new Streets(StreetDomain.SOURCE.appearance(), 0, 8);
    Streets target = new Streets(StreetDomain.TARGET.appearance(), 100, 8);
    Streets val = new Streets(StreetDomain.TARGET.appearance(), 200, 2);
    writer.writeGta5(root + "/gta5", source);
    writer.writeCityscapes(root + "/cityscapes", target, val);
  }

  private List<String> arguments(Object root, Object output) {
    List<String> arguments = SmallTraining.train(directory.resolve("tiny"));
    String domain = "{dataset: %s, root: '%s', split: %s, width: 32, height: 32}";
    for (String override :
        List.of(
            "data.classes=cityscapes-19",
            "data.source=" + domain.formatted("gta5", root + "/gta5", "all"),
            "data.target=" + domain.formatted("cityscapes", root + "/cityscapes", "train"),
            "data.evaluation=" + domain.formatted("cityscapes", root + "/cityscapes", "val"),
            "output.dir=" + output)) {
      arguments.addAll(List.of("--set", override));
    }
    return new ArrayList<>(arguments);
  }

  private static Map<String, String> settings(S3Server server, FaultyProxy proxy) {
    Map<String, String> settings = new java.util.TreeMap<>(server.spark());
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.hadoop.fs.s3a.endpoint", proxy.endpoint());
    settings.put("spark.hadoop.fs.s3a.attempts.maximum", "3");
    settings.put("spark.hadoop.fs.s3a.retry.interval", "50ms");
    settings.put("spark.hadoop.fs.s3a.retry.throttle.interval", "50ms");
    settings.put("spark.hadoop.fs.s3a.connection.timeout", "1000");
    settings.put("spark.hadoop." + StoreRetries.PAUSE, "50");
    return settings;
  }

  /** Of everything that a run wrote. */
  private static List<String> filesWith(String text, Path run) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          found.add(file.toString());
        }
      }
    }
    return found;
  }
}
