import com.databricks.sdk.service.jobs.CreateJob;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;

/**
 * Reads requests to EMR and Databricks with the models of the vendors' SDKs, strictly: what the model
 * does not know, and what is of another type than the model says, is a problem.
 *
 * <p>Started from source, because the SDKs' libraries are other versions than Spark's: {@code java
 * -cp 'target/vendor-models/*' VendorModels.java KIND FILE ...} with a kind run-job-flow, add-steps,
 * job or bundle. Prints a line for each problem and ends with 1 if there is any.
 */
public final class VendorModels {
  private static final JsonMapper JSON = strict(JsonMapper.builder());
  private static final YAMLMapper YAML = strict(YAMLMapper.builder());

  /** Keys of a bundle, from Databricks' reference; the SDK has no model of it. */
  private static final Map<String, Set<String>> BUNDLE =
      Map.of(
          "",
          Set.of(
              "bundle", "variables", "targets", "resources", "workspace", "artifacts", "include",
              "permissions", "presets", "run_as", "sync"),
          "bundle",
          Set.of("name", "cluster_id", "databricks_cli_version", "deployment", "git"),
          "variable",
          Set.of("default", "description", "lookup", "type"),
          "target",
          Set.of(
              "mode", "default", "workspace", "variables", "resources", "presets", "run_as",
              "permissions", "bundle", "artifacts", "sync", "git"),
          "workspace",
          Set.of(
              "host", "profile", "root_path", "artifact_path", "file_path", "state_path",
              "resource_path"));

  private final List<String> problems = new ArrayList<>();

  public static void main(String[] arguments) throws IOException {
    boolean good = true;
    for (int i = 0; i < arguments.length; i += 2) {
      VendorModels models = new VendorModels();
      String text = Files.readString(Path.of(arguments[i + 1]));
      models.check(arguments[i], text);
      good &= models.problems.isEmpty();
      for (String problem : models.problems) {
        System.out.println(arguments[i + 1] + ": " + problem);
      }
    }
    System.exit(good ? 0 : 1);
  }

  private void check(String kind, String text) throws IOException {
    switch (kind) {
      case "run-job-flow" -> object("$", JSON.readTree(text), RunJobFlowRequest.builder());
      case "add-steps" -> object("$", JSON.readTree(text), AddJobFlowStepsRequest.builder());
      case "job" -> job("$", JSON.readTree(text));
      case "bundle" -> bundle(YAML.readTree(text));
      default -> throw new IllegalArgumentException(kind);
    }
  }

  private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> M strict(B builder) {
    return builder
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            text ->
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }

  private void job(String path, JsonNode node) {
    try {
      CreateJob job = JSON.treeToValue(node, CreateJob.class);
      if (job.getTasks() == null || job.getTasks().isEmpty()) {
        problems.add(path + ": expected tasks, found none");
      }
    } catch (JsonProcessingException e) {
      problems.add(path + ": " + e.getOriginalMessage());
    }
  }

  private void bundle(JsonNode bundle) {
    known("$", bundle, "");
    known("$.bundle", bundle.path("bundle"), "bundle");
    known("$.workspace", bundle.path("workspace"), "workspace");
    members(bundle.path("variables"))
        .forEach((name, variable) -> known("$.variables." + name, variable, "variable"));
    members(bundle.path("targets"))
        .forEach(
            (name, target) -> {
              known("$.targets." + name, target, "target");
              known("$.targets." + name + ".workspace", target.path("workspace"), "workspace");
            });
    Map<String, JsonNode> resources = members(bundle.path("resources"));
    if (!resources.keySet().equals(Set.of("jobs"))) {
      problems.add("$.resources: expected jobs, found " + resources.keySet());
    }
    members(bundle.path("resources").path("jobs"))
        .forEach((name, job) -> job("$.resources.jobs." + name, job));
  }

  private void known(String path, JsonNode node, String kind) {
    for (String key : members(node).keySet()) {
      if (!BUNDLE.get(kind).contains(key)) {
        problems.add(path + "." + key + ": unknown, expected one of " + sorted(BUNDLE.get(kind)));
      }
    }
  }

  private static Map<String, JsonNode> members(JsonNode node) {
    Map<String, JsonNode> members = new HashMap<>();
    node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }

  private static Set<String> sorted(Set<String> keys) {
    return new TreeSet<>(keys);
  }

  /** The SDK of AWS describes its requests field by field. */
  private void object(String path, JsonNode node, SdkPojo model) {
    if (!node.isObject()) {
      problems.add(path + ": expected an object, found " + node.getNodeType());
      return;
    }
    Map<String, SdkField<?>> fields = new HashMap<>();
    model.sdkFields().forEach(field -> fields.put(field.memberName(), field));
    members(node)
        .forEach(
            (name, value) -> {
              if (fields.containsKey(name)) {
                value(path + "." + name, value, fields.get(name));
              } else {
                problems.add(
                    path + "." + name + ": unknown, expected one of " + sorted(fields.keySet()));
              }
            });
  }

  private void value(String path, JsonNode node, SdkField<?> field) {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.SDK_POJO) {
      object(path, node, field.constructor().get());
    } else if (type == MarshallingType.LIST) {
      require(path, node.isArray(), "a list", node);
      SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        value(path + "[" + i + "]", node.get(i), element);
      }
    } else if (type == MarshallingType.MAP) {
      require(path, node.isObject(), "an object", node);
      SdkField<?> element = field.getTrait(MapTrait.class).valueFieldInfo();
      members(node).forEach((key, value) -> value(path + "." + key, value, element));
    } else if (type == MarshallingType.STRING) {
      require(path, node.isTextual(), "a string", node);
    } else if (type == MarshallingType.INTEGER || type == MarshallingType.LONG) {
      require(path, node.isIntegralNumber(), "a whole number", node);
    } else if (type == MarshallingType.DOUBLE || type == MarshallingType.FLOAT) {
      require(path, node.isNumber(), "a number", node);
    } else if (type == MarshallingType.BOOLEAN) {
      require(path, node.isBoolean(), "true or false", node);
    } else {
      problems.add(path + ": cannot check a value of type " + type);
    }
  }

  private void require(String path, boolean holds, String expected, JsonNode found) {
    if (!holds) {
      problems.add(path + ": expected " + expected + ", found " + found);
    }
  }
}
