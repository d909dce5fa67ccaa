package org.adaptseg.jobs;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;

/**
 * The resource {@code SparkApplication} of the Kubeflow Spark Operator, {@code v1beta2}: the fields
 * that {@code api/v1beta2/sparkapplication_types.go} has, without those for other languages than
 * Java, for monitoring, ingresses and batch schedulers. Read strictly, it is a schema.
 */
record SparkApplication(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

  enum Type {
    Java,
    Python,
    Scala,
    R
  }

  enum Mode {
    cluster,
    client
  }

  enum Restart {
    Never,
    Always,
    OnFailure
  }

  record Spec(
      Type type,
      String sparkVersion,
      Mode mode,
      String proxyUser,
      String image,
      String imagePullPolicy,
      List<String> imagePullSecrets,
      String mainClass,
      String mainApplicationFile,
      List<String> arguments,
      Map<String, String> sparkConf,
      Map<String, String> hadoopConf,
      String sparkConfigMap,
      String hadoopConfigMap,
      List<Volume> volumes,
      Driver driver,
      Executor executor,
      Dependencies deps,
      RestartPolicy restartPolicy,
      Map<String, String> nodeSelector,
      Integer failureRetries,
      Long retryInterval,
      String memoryOverheadFactor,
      Long timeToLiveSeconds) {}

  record RestartPolicy(
      Restart type,
      Integer onSubmissionFailureRetries,
      Integer onFailureRetries,
      Long onSubmissionFailureRetryInterval,
      Long onFailureRetryInterval) {}

  record Dependencies(
      List<String> jars,
      List<String> files,
      List<String> packages,
      List<String> excludePackages,
      List<String> repositories,
      List<String> archives) {}

  record Gpu(String name, Long quantity) {}

  record Driver(
      Integer cores,
      String coreLimit,
      String coreRequest,
      String memory,
      String memoryOverhead,
      Gpu gpu,
      String image,
      List<EnvVar> env,
      List<EnvFromSource> envFrom,
      Map<String, String> labels,
      Map<String, String> annotations,
      List<VolumeMount> volumeMounts,
      Affinity affinity,
      List<Toleration> tolerations,
      PodSecurityContext podSecurityContext,
      SecurityContext securityContext,
      String schedulerName,
      Map<String, String> nodeSelector,
      Long terminationGracePeriodSeconds,
      String serviceAccount,
      String runtimeClassName,
      String javaOptions,
      String priorityClassName) {}

  record Executor(
      Integer instances,
      Integer cores,
      String coreLimit,
      String coreRequest,
      String memory,
      String memoryOverhead,
      Gpu gpu,
      String image,
      List<EnvVar> env,
      List<EnvFromSource> envFrom,
      Map<String, String> labels,
      Map<String, String> annotations,
      List<VolumeMount> volumeMounts,
      Affinity affinity,
      List<Toleration> tolerations,
      PodSecurityContext podSecurityContext,
      SecurityContext securityContext,
      String schedulerName,
      Map<String, String> nodeSelector,
      Long terminationGracePeriodSeconds,
      String serviceAccount,
      String runtimeClassName,
      String javaOptions,
      Boolean deleteOnTermination,
      String priorityClassName) {}
}
