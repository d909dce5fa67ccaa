package org.adaptseg.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.cli.Main;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The manifests of {@code jobs/kubernetes}, read strictly: an unknown field is an error, and so is
 * a number where text belongs.
 */
@Tag("cluster")
class ManifestsTest {
  private static final Path DIRECTORY = Path.of("jobs", "kubernetes");
  private static final ObjectMapper STRICT = strict(JsonMapper.builder());

  @Test
  void theSparkApplicationIsOneOfTheOperators() throws IOException {
    SparkApplication application = application(text("sparkapplication.yaml"));

    assertThat(application.apiVersion()).isEqualTo("sparkoperator.k8s.io/v1beta2");
    assertThat(application.kind()).isEqualTo("SparkApplication");
    SparkApplication.Spec spec = application.spec();
    // The operator refuses a resource without these.
    assertThat(spec.type()).isNotNull();
    assertThat(spec.sparkVersion()).isEqualTo("3.5.5");
    assertThat(spec.mainApplicationFile()).startsWith("local:///opt/adaptseg/");
    assertThat(spec.mainClass()).isEqualTo(Main.class.getName());
    assertThat(spec.driver().serviceAccount()).isEqualTo("adaptseg-driver");
    assertThat(spec.executor().gpu()).isEqualTo(new SparkApplication.Gpu("nvidia.com/gpu", 1L));
    assertThat(spec.restartPolicy().type()).isEqualTo(SparkApplication.Restart.OnFailure);
    assertThat(spec.arguments()).as("what a restart needs").endsWith("--resume");
    assertThat(spec.arguments()).contains("cluster.workers=" + spec.executor().instances());
    assertThat(spec.arguments()).anyMatch(set -> set.startsWith("initial-weights.file=s3a://"));
    assertThat(spec.sparkConf())
        .containsEntry("spark.task.cpus", String.valueOf(spec.executor().cores()));
    for (var variables : List.of(spec.driver().env(), spec.executor().env())) {
      assertThat(variables)
          .hasSize(2)
          .allSatisfy(
              variable -> {
                assertThat(variable.getValue()).isNull();
                assertThat(variable.getValueFrom().getSecretKeyRef().getName())
                    .isEqualTo("adaptseg-s3");
              });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mainClass:           | mainClas:            | Unrecognized field "mainClas"
          instances: 4         | instances: "4"       | Cannot coerce
          memory: 8g           | memory: 8            | Cannot coerce
          type: OnFailure      | type: Sometimes      | not one of the values accepted
          operator: Exists     | operater: Exists     | Unrecognized field "operater"
          serviceAccount:      | serviceAccountName:  | Unrecognized field "serviceAccountName"
          """)
  void aFieldThatIsUnknownOrOfAnotherTypeIsAnError(String found, String changed, String message)
      throws IOException {
    String text = text("sparkapplication.yaml");
    assertThat(text).contains(found);

    assertThatThrownBy(() -> application(text.replace(found, changed)))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"driver-template.yaml", "executor-template.yaml", "executor-template-gpu.yaml"})
  void aTemplateIsAPodThatRunsWithoutRights(String file) throws IOException {
    Pod pod = STRICT.treeToValue(documents(text(file)).get(0), Pod.class);

    assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    List<Container> containers = pod.getSpec().getContainers();
    assertThat(containers).extracting(Container::getName).containsExactly("spark");
    assertThat(containers.get(0).getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
  }

  @Test
  void theDriversRightsEndAtItsNamespace() throws IOException {
    List<JsonNode> all = documents(text("rbac.yaml"));

    assertThat(all).hasSize(4);
    String namespace = STRICT.treeToValue(all.get(0), Namespace.class).getMetadata().getName();
    ServiceAccount account = STRICT.treeToValue(all.get(1), ServiceAccount.class);
    Role role = STRICT.treeToValue(all.get(2), Role.class);
    RoleBinding binding = STRICT.treeToValue(all.get(3), RoleBinding.class);
    assertThat(List.of(account.getMetadata(), role.getMetadata(), binding.getMetadata()))
        .allMatch(metadata -> metadata.getNamespace().equals(namespace));
    assertThat(role.getRules()).hasSize(1);
    assertThat(role.getRules().get(0).getResources())
        .containsExactlyInAnyOrder("pods", "services", "configmaps", "persistentvolumeclaims");
    assertThat(binding.getSubjects().get(0).getName()).isEqualTo(account.getMetadata().getName());
    assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
  }

  private static SparkApplication application(String yaml) throws IOException {
    return STRICT.treeToValue(documents(yaml).get(0), SparkApplication.class);
  }

  private static String text(String file) throws IOException {
    return Files.readString(DIRECTORY.resolve(file));
  }

  /** SnakeYAML, because Jackson's reader does not follow aliases. */
  private static List<JsonNode> documents(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonNode> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(options))
        .loadAll(text)
        .forEach(document -> documents.add(STRICT.valueToTree(document)));
    return documents;
  }

  private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> M strict(B builder) {
    return builder
        .annotationIntrospector(new NothingElse())
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            to ->
                to.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }

  /**
   * Kubernetes' types keep fields that they do not know, for later versions; here they must not.
   */
  private static final class NothingElse extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }

    @Override
    public Boolean hasAnyGetter(Annotated annotated) {
      return false;
    }

    @Override
    public boolean hasIgnoreMarker(AnnotatedMember member) {
      return member.getName().equals("getAdditionalProperties")
          || member.getName().equals("setAdditionalProperty")
          || super.hasIgnoreMarker(member);
    }
  }
}
