package org.adaptseg.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What a node of Kubernetes does for executors of Spark, with processes for containers: runs each
 * new executor pod's environment as a JVM, as the entry point of Spark's image does, reports when
 * it runs and how it ended, and ends it when its pod is deleted. The pods' images, volumes, limits
 * and networks are ignored.
 */
public final class Kubelet implements Watcher<Pod>, AutoCloseable {
  private static final String BACKEND =
      "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend";

  private static final Pattern SPARK = Pattern.compile("SPARK_.*");

  private final KubernetesClient client;
  private final String classPath;
  private final Path directory;
  private final Map<String, ChildProcess> running = new ConcurrentHashMap<>();
  private final AutoCloseable watch;

  /**
   * Begins to run executors.
   *
   * @param client of the API server; not closed
   * @param classPath of the executors, Spark's jars
   * @param directory for working directories and output
   */
  public Kubelet(KubernetesClient client, String classPath, Path directory) {
    this.client = client;
    this.classPath = classPath;
    this.directory = directory;
    this.watch = client.pods().inAnyNamespace().withLabel("spark-role", "executor").watch(this);
  }

  @Override
  public void eventReceived(Action action, Pod pod) {
    String name = pod.getMetadata().getName();
    if (action == Action.ADDED) {
      running.computeIfAbsent(name, key -> start(pod));
    } else if (action == Action.DELETED && running.containsKey(name)) {
      running.get(name).terminate();
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    // The API server has ended, and with it the test.
  }

  /** The executors' processes, in no order, with those that have ended. */
  public List<ChildProcess> executors() {
    return List.copyOf(running.values());
  }

  private ChildProcess start(Pod pod) {
    String name = pod.getMetadata().getName();
    Map<String, String> environment = environment(pod);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (int i = 0; environment.containsKey("SPARK_JAVA_OPT_" + i); i++) {
      command.add(environment.get("SPARK_JAVA_OPT_" + i));
    }
    command.add("-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"));
    command.addAll(List.of("-cp", classPath, BACKEND));
    command.addAll(List.of("--driver-url", environment.get("SPARK_DRIVER_URL")));
    command.addAll(List.of("--executor-id", environment.get("SPARK_EXECUTOR_ID")));
    command.addAll(List.of("--cores", environment.get("SPARK_EXECUTOR_CORES")));
    command.addAll(List.of("--app-id", environment.get("SPARK_APPLICATION_ID")));
    command.addAll(List.of("--hostname", environment.get("SPARK_EXECUTOR_POD_IP")));
    command.addAll(List.of("--resourceProfileId", environment.get("SPARK_RESOURCE_PROFILE_ID")));
    command.addAll(List.of("--podName", name));
    try {
      // Each has its own: executors put the job jar into their working directory.
      Path work = Files.createDirectories(directory.resolve(name));
      ChildProcess process =
          ChildProcess.of(command)
              .directory(work)
              .without(SPARK)
              .environment(environment)
              .environment(
                  Map.of("SPARK_LOCAL_DIRS", work.toString(), "SPARK_LOCAL_IP", "127.0.0.1"))
              .start(directory);
      report(pod, "Running", null);
      process.onExit().thenAccept(code -> report(pod, code));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> environment(Pod pod) {
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container(pod).getEnv()) {
      String value = variable.getValue();
      if (variable.getValueFrom() != null && variable.getValueFrom().getFieldRef() != null) {
        String field = variable.getValueFrom().getFieldRef().getFieldPath();
        value = field.equals("status.podIP") ? "127.0.0.1" : pod.getMetadata().getName();
      }
      if (value != null) {
        environment.put(variable.getName(), value);
      }
    }
    return environment;
  }

  private static Container container(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  private void report(Pod pod, int exitCode) {
    try {
      report(pod, exitCode == 0 ? "Succeeded" : "Failed", exitCode);
    } catch (KubernetesClientException e) {
      // Spark has deleted the pod, or the API server has ended.
    }
  }

  private void report(Pod pod, String phase, Integer exitCode) {
    ContainerStatusBuilder status =
        new ContainerStatusBuilder()
            .withName(container(pod).getName())
            .withReady(exitCode == null)
            .withRestartCount(0)
            .withImage(container(pod).getImage())
            .withImageID(container(pod).getImage());
    if (exitCode == null) {
      status.withNewState().withNewRunning().endRunning().endState();
    } else {
      status
          .withNewState()
          .withNewTerminated()
          .withExitCode(exitCode)
          .withReason(exitCode == 0 ? "Completed" : "Error")
          .endTerminated()
          .endState();
    }
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .editStatus(
            found ->
                new PodBuilder(found)
                    .withNewStatus()
                    .withPhase(phase)
                    .withPodIP("127.0.0.1")
                    .withContainerStatuses(status.build())
                    .endStatus()
                    .build());
  }

  @Override
  public void close() throws Exception {
    watch.close();
    running.values().forEach(ChildProcess::kill);
  }
}
