package org.adaptseg.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The examples in the headers of scripts and of what they go with, as a user types them: with no
 * variables set but {@code PATH} and {@code HOME}.
 */
class ScriptExamplesIT {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** A line of a header that is indented, and what continues it. */
  private static final Pattern EXAMPLE = Pattern.compile("# {3,7}(\\S.*)");

  private static final String SMALL =
      " --set schedule.phases.0.iterations=1 --set output.checkpoint-interval=1"
          + " --set model.base-width=1 --set model.discriminator-width=1"
          + " --set data.source.width=64 --set data.source.height=32"
          + " --set data.target.width=64 --set data.target.height=32"
          + " --set data.evaluation.width=64 --set data.evaluation.height=32"
          + " --set data.cache-samples=0 --set evaluation.interval=0"
          + " --set cluster.averaging-interval=1 --set output.dir=";

  /** What is put behind an example to run it here in the least time, and how it ends. */
  private record Trial(String more, boolean writes, int code, String says) {}

  private static Trial trains() {
    return new Trial(SMALL, true, 0, "Run directory: ");
  }

  private static final Map<String, Trial> TRIALS =
      Map.of(
          "jobs/local.sh demo",
          trains(),
          "jobs/local.sh train --config conf/demo.yaml --set output.dir=runs/mine",
          trains(),
          "jobs/submit.sh --master 'local[2]' -- demo",
          trains(),
          "jobs/submit.sh --master yarn --num-executors 4 -- train --config conf/demo.yaml",
          new Trial("", false, 1, "HADOOP_CONF_DIR"),
          "jobs/ablation.sh",
          new Trial(" --help", false, 0, "Usage: adaptseg ablation"),
          "jobs/ablation.sh --iterations 400 --dir runs/ablation-400",
          new Trial(" --help", false, 0, "Usage: adaptseg ablation"),
          "jobs/ablation.sh --tables-only",
          new Trial(" --help", false, 0, "Usage: adaptseg ablation"),
          "jobs/scaling.sh",
          new Trial(" --help", false, 0, "Usage: adaptseg scaling"),
          "jobs/scaling.sh --iterations 400 --workers 2,4 --intervals 20 --seeds 1 --dir runs/scaling-400",
          new Trial(" --help", false, 0, "Usage: adaptseg scaling"),
          "jobs/scaling.sh --table-only",
          new Trial(" --help", false, 0, "Usage: adaptseg scaling"));

  /** Examples that need more than this machine has, by how they begin, and why. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("jobs/bench.sh", "45 minutes; needs PyTorch and a quiet machine"),
          Map.entry("jobs/real.sh", "needs CARLA's and CamVid's images, and hours"),
          Map.entry("jobs/test.sh", "this test is part of it"),
          Map.entry("jobs/kubernetes/submit.sh", "KubernetesIT runs it"),
          Map.entry("jobs/yarn/submit.sh", "YarnIT runs it"),
          Map.entry("AWS_ACCESS_KEY_ID=", "KubernetesIT runs create-secret.sh"),
          Map.entry("kubectl apply", "needs a cluster; ManifestsTest reads the files"),
          Map.entry("export ", "a line of the example below it"),
          Map.entry("docker/build.sh", "needs Docker; DockerfilesIT reads the files"),
          Map.entry("docker run", "needs Docker"),
          Map.entry("jobs/gpu/libraries.sh", "installs 1.5 GB of NVIDIA's packages"),
          Map.entry("jobs/gpu/check.sh", "needs a GPU"),
          Map.entry("bash check.sh", "needs a GPU; GpuCheckTest runs it on an imitation"),
          Map.entry("databricks ", "needs an account; VendorModelsIT reads the file"),
          Map.entry("cd jobs/databricks", "a line of the example below it"),
          Map.entry("--conf ", "an option, no command"));

  @TempDir Path directory;

  @Test
  void everyExampleIsRunOrSaidWhyNot() throws IOException {
    List<String> unknown = new ArrayList<>();
    List<String> examples = examples();
    for (String example : examples) {
      boolean elsewhere = ELSEWHERE.keySet().stream().anyMatch(example::startsWith);
      if (!elsewhere && !TRIALS.containsKey(example)) {
        unknown.add(example);
      }
    }

    assertThat(unknown).isEmpty();
    assertThat(examples).containsAll(TRIALS.keySet());
    assertThat(ELSEWHERE.keySet())
        .allSatisfy(start -> assertThat(examples).anyMatch(line -> line.startsWith(start)));
  }

  static Stream<String> examplesToRun() {
    return TRIALS.keySet().stream().sorted();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("examplesToRun")
  void anExampleDoesWhatItSays(String example) {
    Trial trial = TRIALS.get(example);
    Path written = directory.resolve("run");
    String command = example + trial.more() + (trial.writes() ? written : "");

    Ended ended =
        ChildProcess.of(
                List.of(
                    "/usr/bin/env",
                    "-i",
                    "PATH=" + System.getenv("PATH"),
                    "HOME=" + System.getProperty("user.home"),
                    "bash",
                    "-c",
                    command))
            .run(directory, LIMIT);

    assertThat(ended.all()).contains(trial.says());
    assertThat(ended.code()).as(ended.all()).isEqualTo(trial.code());
    if (trial.writes()) {
      assertThat(written).isDirectory();
    }
  }

  /** One command each, without its comment. */
  private static List<String> examples() throws IOException {
    Map<String, Path> found = new LinkedHashMap<>();
    for (String folder : List.of("jobs", "docker")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          if (file.toString().matches(".*(\\.sh|\\.ya?ml|/java|/adaptseg|Dockerfile.*)")
              && !file.toString().contains("node_modules")) {
            examples(file).forEach(example -> found.putIfAbsent(example, file));
          }
        }
      }
    }
    return List.copyOf(found.keySet());
  }

  private static List<String> examples(Path file) throws IOException {
    List<String> examples = new ArrayList<>();
    StringBuilder command = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("#")) {
        break;
      }
      var matcher = EXAMPLE.matcher(line);
      if (matcher.matches()) {
        String text = matcher.group(1).replaceAll("   *(#.*|[a-z].*|\\(.*)$", "").strip();
        command.append(text.replaceAll("\\\\$", ""));
        if (!text.endsWith("\\")) {
          examples.add(command.toString());
          command.setLength(0);
        }
      }
    }
    return examples;
  }
}
