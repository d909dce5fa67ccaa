package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.ProgramProcess;
import org.adaptseg.testing.StandaloneCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's networks, trained in one JVM and on executors in JVMs of their own. */
@Tag("cluster")
@Tag("slow")
class SameBitsOnExecutorsTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir private Path directory;

  /** With both adversary and teacher, and where a limit of instructions must reach every worker. */
  @Test
  void checkpointsHaveTheSameHashesWhereverTheWorkersAre() throws IOException {
    Map<String, String> local = hashes("local[2]");
    assertThat(local)
        .containsKeys("generator.parameters", "discriminator-aux.adam-v", "teacher.parameters");
    assertThat(directory.resolve("local-2-").resolve("run.json"))
        .content()
        .contains("float32 with avx2");

    List<List<String>> noGpus = List.of(List.of(), List.of());
    try (StandaloneCluster cluster =
        StandaloneCluster.start(directory.resolve("cluster"), 1, noGpus)) {
      assertThat(hashes(cluster.master())).as("two workers of a master").isEqualTo(local);
    }
  }

  /** SHA-256 of every vector of the last checkpoint of two rounds. */
  private Map<String, String> hashes(String master) throws IOException {
    Path run = directory.resolve(master.replaceAll("\\W+", "-"));
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.master", master);
    settings.put("spark.local.dir", directory.resolve("scratch").toString());
    settings.putAll(ProgramProcess.executors());
    settings.put("spark.executor.memory", "1g");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.ui.enabled", "false");
    List<String> arguments =
        List.of(
            "train",
            "--config=conf/demo.yaml",
            "--set=schedule.phases.0.iterations=2",
            "--set=cluster.averaging-interval=1",
            "--set=cluster.scaling=work",
            "--set=data.evaluation.width=64",
            "--set=data.evaluation.height=32",
            "--set=cluster.instruction-set=avx2",
            "--set=schedule.phases.0.phase=adversarial-self-training",
            "--set=output.dir=" + run);
    try (ChildProcess process =
        ProgramProcess.classes(arguments)
            .properties(settings)
            .environment("OMP_NUM_THREADS", "1")
            .start(directory)) {
      Ended ended = process.await(LIMIT);
      assertThat(ended.code()).as(ended.err()).isZero();
      // Every worker had a place at once.
      assertThat(ended.out()).doesNotContain("turns");
    }
    JsonNode state =
        new ObjectMapper()
            .readTree(run.resolve("checkpoints/iteration-0000002/state.json").toFile());
    Map<String, String> hashes = new TreeMap<>();
    for (JsonNode vector : state.get("vectors")) {
      hashes.put(vector.get("name").asText(), vector.get("sha256").asText());
    }
    return hashes;
  }
}
