package org.adaptseg.job.card;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.ClassSet;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.LabelSpace.ClassLabel;
import org.adaptseg.config.yaml.Secrets;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.data.image.InputChannels;
import org.adaptseg.data.store.Json;
import org.adaptseg.job.RunDirectory;
import org.adaptseg.job.TrainedNetwork;
import org.adaptseg.job.process.Versions;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.report.html.Redaction;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.train.Networks;
import org.apache.hadoop.fs.Path;

/**
 * What a trained network is: {@code model.json} but for the files that it was exported to, which
 * hold this too.
 *
 * @param json an object; its fields are listed in docs/weights.md
 */
public record ModelCard(ObjectNode json) {
  /** What a file of weights calls the card that it holds. */
  public static final String KEY = "model";

  /** Version of the fields. */
  static final int FORMAT = 1;

  /** The network's values, by which another network is told from the same one. */
  static final String PARAMETERS = "parameters-sha256";

  private static final String[] COLOURS = {"R", "G", "B"};

  /**
   * The card of a checkpoint.
   *
   * @param made what its run was made from
   * @param classes what the network tells apart
   * @param facts of the run, if there are any
   */
  public static ModelCard of(
      RunDirectory.Origin made,
      LabelSpace classes,
      Checkpoint at,
      Optional<RunFacts> facts,
      CardScores scores) {
    RunConfig config = made.config();
    ObjectNode json = Json.object();
    json.put("format", FORMAT);
    json.put("name", config.run().name());
    json.put("task", "image-segmentation");
    json.put("iteration", at.iteration());
    json.put(PARAMETERS, TrainedNetwork.of(at).parametersSha256());
    GeneratorArchitecture network = Networks.architecture(config.model(), classes.size());
    json.put("network", network.fingerprint());
    json.put("backbone", config.model().backbone().name().toLowerCase(Locale.ROOT));
    json.set("input", input(config));
    json.set("classes", classes(classes));
    json.set("training", training(config, facts, classes));
    json.set("scores", scores.json());
    json.put("scores-note", scores.note());
    json.set("configuration", published(config));
    ObjectNode descriptions = json.putObject("descriptions");
    made.files().forEach((name, text) -> descriptions.put(name, Secrets.hide(text)));
    json.set("versions", texts(facts.map(RunFacts::versions).orElse(Map.of())));
    json.set("exported-by", texts(Versions.all()));
    return new ModelCard(json);
  }

  /** In one line, as a file of weights holds it. */
  public String line() {
    return Json.line(json);
  }

  private static ObjectNode input(RunConfig config) {
    RunConfig.Domain size = config.data().evaluation();
    InputChannels channels = InputChannels.of(config.data().normalisation());
    ObjectNode input = Json.object();
    input.put("width", size.width()).put("height", size.height()).put("resize", "bicubic");
    input.put("normalisation", config.data().normalisation().key());
    ArrayNode order = input.putArray("channels");
    ArrayNode means = input.putArray("mean");
    ArrayNode scales = input.putArray("scale");
    for (int c = 0; c < COLOURS.length; c++) {
      order.add(COLOURS[channels.of(c)]);
      means.add(channels.mean(c));
      scales.add(channels.scale(c));
    }
    return input;
  }

  private static ArrayNode classes(LabelSpace space) {
    ArrayNode classes = Json.object().arrayNode();
    for (ClassLabel label : space.classes()) {
      ObjectNode one = classes.addObject().put("id", classes.size() - 1).put("name", label.name());
      ArrayNode colour = one.putArray("colour");
      label.rgb().forEach(colour::add);
    }
    return classes;
  }

  private static ObjectNode training(RunConfig config, Optional<RunFacts> facts, LabelSpace space) {
    String method = ScoreNotes.of(config, ClassSet.all(space), "").training();
    ObjectNode training = Json.object().put("method", method).put("seed", config.run().seed());
    Map<String, Long> images = facts.map(RunFacts::images).orElse(Map.of());
    Map<String, List<RunConfig.Domain>> uses =
        Map.of(
            "source", config.data().source(),
            "target", config.data().target(),
            "evaluation", List.of(config.data().evaluation()));
    List<String> used =
        config.schedule().isSourceOnly()
            ? List.of("source", "evaluation")
            : List.of("source", "target", "evaluation");
    for (String use : used) {
      ObjectNode one = training.putObject(use);
      if (images.containsKey(use)) {
        one.put("images", images.get(use));
      }
      ArrayNode datasets = one.putArray("datasets");
      for (RunConfig.Domain domain : uses.get(use)) {
        datasets
            .addObject()
            .put("dataset", domain.title())
            .put("split", domain.split())
            .put("width", domain.width())
            .put("height", domain.height());
      }
    }
    Map<String, String> begun = new TreeMap<>(facts.map(RunFacts::initialWeights).orElse(Map.of()));
    begun.computeIfPresent("file", (key, file) -> new Path(file).getName());
    training.set("initial-weights", texts(begun));
    training.put("computation", facts.map(RunFacts::computation).orElse(""));
    return training;
  }

  private static ObjectNode texts(Map<String, String> texts) {
    ObjectNode object = Json.object();
    new TreeMap<>(texts).forEach((key, text) -> object.put(key, Secrets.hide(text)));
    return object;
  }

  /** The configuration without secrets, and without places that only its machine has. */
  static JsonNode published(RunConfig config) {
    ObjectNode tree = (ObjectNode) Redaction.of(StrictYaml.tree(ConfigLoader.toYaml(config)));
    tree.remove("tracking");
    ((ObjectNode) tree.get("output")).put("dir", ".");
    ObjectNode weights = (ObjectNode) tree.get("initial-weights");
    String file = weights.path("file").asText();
    weights.put("file", file.isBlank() ? file : new Path(file).getName());
    for (String domain : List.of("source", "target", "evaluation")) {
      JsonNode splits = tree.get("data").get(domain);
      if (splits.isArray()) {
        splits.forEach(split -> withoutPlaces((ObjectNode) split));
      } else {
        withoutPlaces((ObjectNode) splits);
      }
    }
    return tree;
  }

  private static void withoutPlaces(ObjectNode split) {
    split.remove(List.of("root", "manifest"));
  }
}
