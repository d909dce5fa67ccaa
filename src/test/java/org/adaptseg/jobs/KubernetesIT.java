package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.testing.ChildProcess;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.JavaServer;
import org.adaptseg.testing.Kubelet;
import org.adaptseg.testing.Processes;
import org.adaptseg.testing.ProgramProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on Kubernetes, by the script that users submit with. Real are Spark's client, its
 * scheduler backend and its executors, and what they ask of the API server. Not real are the server
 * behind that interface (it stores objects and tells watchers, but checks neither rights nor
 * schemas), containers and images (executors are processes of this machine, see {@link Kubelet}),
 * networks, volumes and limits. In cluster mode nothing runs: the driver's pod is looked at.
 */
@Tag("cluster")
@Tag("slow")
class KubernetesIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String IMAGE = "registry.example.com/adaptseg-spark:test";

  /** Found nowhere but in the environment of who submits. */
  private static final String SECRET = "never-to-be-seen-0123456789";

  @TempDir static Path directory;
  private static JavaServer server;
  private static KubernetesClient client;
  private static Pod training;

  @BeforeAll
  static void start() {
    String classPath =
        Path.of("target", "kubernetes-server").toAbsolutePath()
            + "/*"
            + File.pathSeparator
            + sparkJars();
    server =
        JavaServer.start("KubernetesApi", classPath, directory, List.of("-Xmx256m"), List.of());
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withAutoConfigure(false)
                    .withMasterUrl(server.ready())
                    .withNamespace("default")
                    .build())
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Test
  void theDriversPodIsWhatTheScriptPromises() {
    Pod pod = driverOfATraining();
    Container spark = pod.getSpec().getContainers().get(0);
    assertThat(spark.getImage()).isEqualTo(IMAGE);
    assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("adaptseg-driver");
    assertThat(spark.getArgs())
        .startsWith("driver")
        .contains("org.adaptseg.cli.Main", "local:///opt/adaptseg/adaptseg-spark-job.jar")
        .endsWith("train", "--config", "/opt/adaptseg/conf/demo.yaml");
    assertThat(pod.getMetadata().getLabels())
        .as("of the template")
        .containsEntry("app.kubernetes.io/name", "adaptseg-spark")
        .containsEntry("spark-role", "driver");
    assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(spark.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(spark.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }

  @Test
  void secretsAreReferredToAndNowhereInPlainText() {
    Map<String, SecretKeySelector> references = new LinkedHashMap<>();
    for (EnvVar variable : driverOfATraining().getSpec().getContainers().get(0).getEnv()) {
      if (variable.getValueFrom() != null && variable.getValueFrom().getSecretKeyRef() != null) {
        references.put(variable.getName(), variable.getValueFrom().getSecretKeyRef());
      }
    }
    assertThat(references).containsOnlyKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    references.forEach(
        (variable, reference) -> {
          assertThat(reference.getName()).isEqualTo("adaptseg-s3");
          assertThat(reference.getKey()).isEqualTo(variable);
        });
    assertThat(properties("training"))
        .contains("spark.kubernetes.executor.secretKeyRef.AWS_SECRET_ACCESS_KEY")
        .doesNotContain("fs.s3a.secret.key");
    assertThat(everything()).doesNotContain(SECRET);
  }

  @Test
  void executorsOfAGpuJobGetOneGpuEach() {
    Ended ended =
        submit(
            "gpu",
            List.of("--gpu"),
            "train",
            "--config",
            "/opt/adaptseg/conf/gta5-to-cityscapes-multi.yaml");

    assertThat(ended.code()).as(ended.all()).isZero();
    assertThat(properties("gpu"))
        .contains("spark.executor.resource.gpu.amount=1")
        .contains("spark.executor.resource.gpu.vendor=nvidia.com")
        .contains("spark.task.resource.gpu.amount=1")
        .contains("spark.task.cpus=1");
    // The driver's pod carries the template from which it will make its executors'.
    Pod template =
        mounted("gpu")
            .filter(text -> text.contains("kind: Pod"))
            .map(text -> Serialization.unmarshal(text, Pod.class))
            .findAny()
            .orElseThrow();
    assertThat(template.getSpec().getTolerations())
        .extracting(Toleration::getKey)
        .containsExactly("nvidia.com/gpu");
  }

  @Test
  void anExecutorThatIsKilledChangesNoBit() throws Exception {
    TinyTraining local = new TinyTraining(directory.resolve("local"));
    local.runHere(directory.resolve("local.yaml"), directory.resolve("logs"));
    TinyTraining training = new TinyTraining(directory.resolve("trained"));
    String configuration = training.write(directory.resolve("trained.yaml")).toString();
    try (Kubelet kubelet = new Kubelet(client, sparkJars(), directory.resolve("pods"));
        ChildProcess submit =
            ChildProcess.script(environment(), client(configuration))
                .start(directory.resolve("logs"))) {
      Processes.await(
          "the first checkpoint",
          LIMIT,
          training::isFirstRoundSaved,
          submit::isAlive,
          submit::soFar);
      assertThat(kubelet.executors()).hasSize(2);
      kubelet.executors().get(0).kill();
      Ended ended = submit.await(LIMIT);

      assertThat(ended.code()).as(ended.all()).isZero();
      assertThat(ended.err()).as("what the driver saw").contains("Lost executor");
      assertThat(ended.out()).contains("mIoU");
    }
    training.requireComplete();
    assertThat(training.hashes()).isEqualTo(local.hashes());
  }

  /** Executors' pods of a job with GPUs are made by its driver, so that it must run. */
  @Test
  void limitsOfAnExecutorsPodHoldItsGpu() throws Exception {
    List<String> command = command(List.of("--gpu"));
    command.addAll(List.of("--deploy-mode", "client"));
    for (String setting :
        List.of(
            "spark.app.name=limits",
            "spark.executor.instances=2",
            "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1",
            "spark.ui.enabled=false")) {
      command.addAll(List.of("--conf", setting));
    }
    TinyTraining never = new TinyTraining(directory.resolve("never"));
    String configuration = never.write(directory.resolve("never.yaml")).toString();
    command.addAll(List.of("--", "train", "--config", configuration));
    // Kept as seen: the driver takes its pods back when it ends.
    List<Pod> pods = new ArrayList<>();
    try (ChildProcess submit =
        ChildProcess.script(environment(), command).start(directory.resolve("logs"))) {
      Processes.await(
          "an executor's pod",
          LIMIT,
          () -> {
            pods.addAll(gpuPods());
            return !pods.isEmpty();
          },
          submit::isAlive,
          submit::soFar);
    }
    Pod pod = pods.get(0);
    client.pods().inNamespace("adaptseg").withLabel("spark-role", "executor").delete();
    Container spark = pod.getSpec().getContainers().get(0);
    assertThat(spark.getResources().getLimits()).containsEntry("nvidia.com/gpu", new Quantity("1"));
    assertThat(spark.getImage()).isEqualTo(IMAGE);
    assertThat(pod.getSpec().getTolerations())
        .extracting(Toleration::getKey)
        .contains("nvidia.com/gpu");
  }

  private static List<Pod> gpuPods() {
    return client
        .pods()
        .inNamespace("adaptseg")
        .withLabel("spark-role", "executor")
        .list()
        .getItems()
        .stream()
        .filter(
            pod ->
                pod.getSpec()
                    .getContainers()
                    .get(0)
                    .getResources()
                    .getLimits()
                    .containsKey("nvidia.com/gpu"))
        .toList();
  }

  private static List<String> client(String configuration) {
    List<String> command = command(List.of());
    command.addAll(List.of("--deploy-mode", "client", "--driver-memory", "600m"));
    command.addAll(List.of("--executor-memory", "512m"));
    for (String setting :
        List.of(
            "spark.executor.instances=2",
            "spark.executor.memoryOverhead=400m",
            "spark.executor.extraJavaOptions=" + ProgramProcess.SHORT_LIVED,
            "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1",
            "spark.kubernetes.allocation.batch.delay=500ms",
            "spark.kubernetes.executor.deleteOnTermination=false",
            "spark.ui.enabled=false")) {
      command.addAll(List.of("--conf", setting));
    }
    command.addAll(List.of("--", "train", "--config", configuration));
    return command;
  }

  /** The pod of a training without options, submitted once. */
  private static Pod driverOfATraining() {
    if (training == null) {
      Ended ended =
          submit("training", List.of(), "train", "--config", "/opt/adaptseg/conf/demo.yaml");
      assertThat(ended.code()).as(ended.all()).isZero();
      training = driver("training");
    }
    return training;
  }

  private static Ended submit(String name, List<String> first, String... arguments) {
    List<String> command = command(first);
    command.addAll(List.of("--name", name));
    command.addAll(List.of("--conf", "spark.kubernetes.submission.waitAppCompletion=false"));
    command.addAll(List.of("--executor-cores", "1", "--"));
    command.addAll(List.of(arguments));
    return ChildProcess.script(environment(), command).run(directory.resolve("logs"), LIMIT);
  }

  private static List<String> command(List<String> first) {
    List<String> command = new ArrayList<>(List.of("jobs/kubernetes/submit.sh"));
    command.addAll(first);
    String url = server.ready().replaceAll("/$", "");
    command.addAll(List.of("--master", "k8s://" + url));
    return command;
  }

  private static Map<String, String> environment() {
    return Map.of(
        "ADAPTSEG_IMAGE", IMAGE,
        "AWS_ACCESS_KEY_ID", "visible-key",
        "AWS_SECRET_ACCESS_KEY", SECRET,
        "SPARK_LOCAL_IP", "127.0.0.1",
        // No cluster but the test's, whatever this machine knows.
        "KUBECONFIG", "/dev/null");
  }

  private static Pod driver(String name) {
    return client
        .pods()
        .inNamespace("adaptseg")
        .withLabel("spark-role", "driver")
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getName().startsWith(name))
        .findAny()
        .orElseThrow();
  }

  /** Spark's settings as the driver will find them. */
  private static String properties(String name) {
    return mounted(name).filter(text -> text.contains("spark.app.id")).findAny().orElseThrow();
  }

  /** The files of the configuration maps of a driver's pod. */
  private static Stream<String> mounted(String name) {
    return driver(name).getSpec().getVolumes().stream()
        .filter(volume -> volume.getConfigMap() != null)
        .map(volume -> volume.getConfigMap().getName())
        .map(map -> client.configMaps().inNamespace("adaptseg").withName(map).get())
        .flatMap(map -> map.getData().values().stream());
  }

  /** All that the server was given, as text. */
  private static String everything() {
    return Serialization.asYaml(client.pods().inAnyNamespace().list())
        + Serialization.asYaml(client.configMaps().inAnyNamespace().list())
        + Serialization.asYaml(client.services().inAnyNamespace().list())
        + Serialization.asYaml(client.secrets().inAnyNamespace().list());
  }

  private static String sparkJars() {
    return Path.of(System.getenv("SPARK_HOME"), "jars").toAbsolutePath() + "/*";
  }
}
