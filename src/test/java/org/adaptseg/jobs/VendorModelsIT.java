package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.adaptseg.cli.Main;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The requests in {@code jobs/emr} and {@code jobs/databricks}, read by the models of the vendors'
 * SDKs, and the program's own arguments in them. None is sent to a service.
 */
@Tag("cluster")
class VendorModelsIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path EMR = Path.of("jobs", "emr");
  private static final Path DATABRICKS = Path.of("jobs", "databricks");

  @TempDir Path directory;

  @Tag("slow")
  @Test
  void theModelsKnowEveryFieldOfTheRequests() {
    Ended ended =
        check(
            "run-job-flow",
            EMR.resolve("run-job-flow.json"),
            "add-steps",
            EMR.resolve("add-steps.json"),
            "job",
            DATABRICKS.resolve("job.json"),
            "bundle",
            DATABRICKS.resolve("databricks.yml"));

    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).as(ended.all()).isZero();
  }

  /** A change to a request that makes it wrong, and what is then said about it. */
  private record Mistake(String kind, String file, String found, String changed, String problem) {}

  private static final List<Mistake> MISTAKES =
      List.of(
          new Mistake(
              "run-job-flow",
              "emr/run-job-flow.json",
              "\"InstanceType\":",
              "\"InstanceTyp\":",
              "InstanceTyp: unknown"),
          new Mistake(
              "run-job-flow",
              "emr/run-job-flow.json",
              "\"SizeInGB\": 200",
              "\"SizeInGB\": \"200\"",
              "SizeInGB: expected a whole number"),
          new Mistake(
              "run-job-flow",
              "emr/run-job-flow.json",
              "\"Properties\": {}",
              "\"Properties\": []",
              "Properties: expected an object"),
          new Mistake(
              "add-steps",
              "emr/add-steps.json",
              "\"HadoopJarStep\"",
              "\"HadoopStep\"",
              "HadoopStep: unknown"),
          new Mistake(
              "add-steps",
              "emr/add-steps.json",
              "\"CONTINUE\"",
              "true",
              "ActionOnFailure: expected a string"),
          new Mistake(
              "job",
              "databricks/job.json",
              "\"main_class_name\"",
              "\"main_class\"",
              "Unrecognized field \"main_class\""),
          new Mistake(
              "job",
              "databricks/job.json",
              "\"num_workers\": 4",
              "\"num_workers\": \"4\"",
              "Cannot coerce"),
          new Mistake("job", "databricks/job.json", "\"8g\"", "8", "Cannot coerce"),
          new Mistake(
              "job",
              "databricks/job.json",
              "SINGLE_USER",
              "SINGLE",
              "not one of the values accepted"),
          new Mistake(
              "bundle",
              "databricks/databricks.yml",
              "max_retries:",
              "max_retry:",
              "Unrecognized field \"max_retry\""),
          new Mistake(
              "bundle",
              "databricks/databricks.yml",
              "num_workers: 4",
              "num_workers: '4'",
              "Cannot coerce"),
          new Mistake(
              "bundle",
              "databricks/databricks.yml",
              "mode: production",
              "mood: production",
              "$.targets.prod.mood: unknown"));

  @Tag("slow")
  @Test
  void aFieldThatIsUnknownOrOfAnotherTypeIsAProblem() throws IOException {
    List<Object> kindsAndFiles = new ArrayList<>();
    for (Mistake mistake : MISTAKES) {
      String text = Files.readString(Path.of("jobs").resolve(mistake.file));
      assertThat(text).contains(mistake.found);
      kindsAndFiles.add(mistake.kind);
      kindsAndFiles.add(
          Files.writeString(
              directory.resolve("bad-" + MISTAKES.indexOf(mistake)),
              text.replace(mistake.found, mistake.changed)));
    }

    Ended ended = check(kindsAndFiles.toArray());

    assertThat(ended.code()).as(ended.all()).isEqualTo(1);
    for (Mistake mistake : MISTAKES) {
      String file = "bad-" + MISTAKES.indexOf(mistake) + ": ";
      assertThat(ended.out().lines().filter(line -> line.contains(file)))
          .as(mistake.toString())
          .anyMatch(line -> line.contains(mistake.problem));
    }
  }

  @Test
  void theStepOfEmrIsARunOfTheProgramWithAnExecutorForEveryWorker() throws IOException {
    JsonNode step = new ObjectMapper().readTree(EMR.resolve("add-steps.json").toFile());
    List<String> all = strings(step.at("/Steps/0/HadoopJarStep/Args"));
    int jar = all.indexOf("s3://adaptseg-example/jars/adaptseg-spark-job.jar");
    List<String> options = all.subList(0, jar);

    assertThat(after(options, "--class")).isEqualTo(Main.class.getName());
    RunConfig config = config(all.subList(jar + 1, all.size()));
    assertThat(after(options, "--num-executors"))
        .isEqualTo(String.valueOf(config.cluster().workers()));
    assertThat(after(options, "--executor-cores"))
        .isEqualTo(String.valueOf(config.cluster().threadsPerWorker()));
    assertThat(options).contains("spark.task.cpus=" + config.cluster().threadsPerWorker());
  }

  /** YARN's 250 ms would be too short for any checkpoint. */
  @Test
  void aDriverOnEmrHasTimeToSaveItsState() throws IOException {
    JsonNode request = new ObjectMapper().readTree(EMR.resolve("run-job-flow.json").toFile());
    JsonNode step = new ObjectMapper().readTree(EMR.resolve("add-steps.json").toFile());
    List<String> all = strings(step.at("/Steps/0/HadoopJarStep/Args"));
    long grace = config(all.subList(all.indexOf("train"), all.size())).output().gracePeriod();

    JsonNode yarn = request.at("/Configurations/0");
    assertThat(yarn.at("/Classification").textValue()).isEqualTo("yarn-site");
    assertThat(yarn.at("/Properties/yarn.nodemanager.sleep-delay-before-sigkill.ms").textValue())
        .isEqualTo(String.valueOf(2000 * grace));
  }

  @Test
  void theTaskOfDatabricksIsARunOfTheProgramWithAnExecutorForEveryWorker() throws IOException {
    requireDatabricks(new ObjectMapper().readTree(DATABRICKS.resolve("job.json").toFile()));
  }

  @Test
  void theBundlesTaskIsTheJobs() throws IOException {
    JsonNode bundle = new YAMLMapper().readTree(DATABRICKS.resolve("databricks.yml").toFile());
    requireDatabricks(bundle.at("/resources/jobs/adaptseg-train"));
  }

  private static void requireDatabricks(JsonNode job) {
    JsonNode cluster = job.at("/job_clusters/0/new_cluster");
    JsonNode task = job.at("/tasks/0/spark_jar_task");

    assertThat(cluster.at("/data_security_mode").textValue()).isEqualTo("SINGLE_USER");
    assertThat(task.at("/main_class_name").textValue()).isEqualTo(Main.class.getName());
    RunConfig config = config(strings(task.at("/parameters")));
    assertThat(cluster.at("/num_workers").intValue()).isEqualTo(config.cluster().workers());
    String threads = String.valueOf(config.cluster().threadsPerWorker());
    assertThat(cluster.at("/spark_conf/spark.task.cpus").textValue()).isEqualTo(threads);
  }

  /** What a command line asks for, with the configuration that it names, as it is shipped. */
  private static RunConfig config(List<String> arguments) {
    assertThat(arguments.get(0)).isEqualTo("train");
    String file = after(arguments, "--config").replaceAll(".*/conf/", "conf/");
    List<String> overrides = new ArrayList<>();
    for (int i = 1; i < arguments.size(); i++) {
      switch (arguments.get(i)) {
        case "--config" -> i++;
        case "--set" -> overrides.add(arguments.get(++i));
        default -> assertThat(arguments.get(i)).isEqualTo("--resume");
      }
    }
    try {
      RunConfig config = ConfigLoader.load(Files.readString(Path.of(file)), file, overrides);
      config.initialWeights().require(file);
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String after(List<String> arguments, String option) {
    return arguments.get(arguments.indexOf(option) + 1);
  }

  private static List<String> strings(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::textValue).toList();
  }

  private Ended check(Object... kindsAndFiles) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", "target/vendor-models/*", "src/test/servers/VendorModels.java"));
    for (Object argument : kindsAndFiles) {
      command.add(argument.toString());
    }
    return ChildProcess.script(Map.of(), command).run(directory, LIMIT);
  }
}
