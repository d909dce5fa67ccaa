package org.adaptseg.job.card;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.data.store.Json;

/**
 * A model's page, as Hugging Face reads it: YAML between dashes, then Markdown. It says nothing
 * that is not in the JSON, so equal JSON gives an equal page.
 */
final class CardPage {
  /** Stands where the user's licence will. */
  static final String LICENCE = "fill-in-before-publishing";

  private final JsonNode card;
  private final StringBuilder page = new StringBuilder();

  private CardPage(JsonNode card) {
    this.card = card;
  }

  /** The page of a {@code model.json}. */
  static String of(JsonNode card) {
    CardPage of = new CardPage(card);
    of.line("---").text(StrictYaml.text(of.frontMatter())).line("---").line("");
    of.body();
    return of.page.toString();
  }

  private CardPage line(String line) {
    page.append(line).append('\n');
    return this;
  }

  private CardPage text(String text) {
    page.append(text);
    return this;
  }

  private ObjectNode frontMatter() {
    ObjectNode front = Json.object();
    front.put("license", "other").put("license_name", LICENCE);
    front.put("library_name", "adaptseg-spark").put("pipeline_tag", card.path("task").asText());
    ArrayNode tags = front.putArray("tags");
    tags.add("semantic-segmentation").add("domain-adaptation");
    tags.add(card.path("backbone").asText());
    files().stream().map(file -> file.path("format").asText()).distinct().forEach(tags::add);
    ArrayNode datasets = front.putArray("datasets");
    Set<String> named = new LinkedHashSet<>();
    for (String use : List.of("source", "target")) {
      of(use).forEach(split -> named.add(split.path("dataset").asText()));
    }
    named.forEach(datasets::add);
    if (!scores().isEmpty()) {
      front.putArray("metrics").add("mean_iou");
      front.putArray("model-index").add(index());
    }
    return front;
  }

  private ObjectNode index() {
    ObjectNode model = Json.object().put("name", card.path("name").asText());
    ArrayNode results = model.putArray("results");
    JsonNode split = of("evaluation").get(0);
    for (JsonNode score : scores()) {
      ObjectNode result = results.addObject();
      result.putObject("task").put("type", "image-segmentation").put("name", "segmentation");
      String dataset = split.path("dataset").asText();
      result
          .putObject("dataset")
          .put("type", dataset)
          .put("name", dataset)
          .put("split", split.path("split").asText());
      result
          .putArray("metrics")
          .addObject()
          .put("type", "mean_iou")
          .put("name", "mIoU; " + protocol(score))
          .set("value", score.path("miou"));
    }
    return model;
  }

  private List<JsonNode> files() {
    return list(card.path("files"));
  }

  private List<JsonNode> scores() {
    return list(card.path("scores"));
  }

  private List<JsonNode> of(String use) {
    return list(card.path("training").path(use).path("datasets"));
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> all = new ArrayList<>();
    array.forEach(all::add);
    return all;
  }

  private static String protocol(JsonNode score) {
    return "%s; %s; %s"
        .formatted(
            score.path("protocol").asText(),
            score.path("training").asText(),
            score.path("selection").asText());
  }

  private void body() {
    line("# " + cell(card.path("name")));
    line("");
    line(
        String.format(
            Locale.ROOT,
            "A network for semantic segmentation with %d classes (`%s`), after %d iterations of %s.",
            list(card.path("classes")).size(),
            card.path("network").asText(),
            card.path("iteration").asLong(),
            card.path("training").path("method").asText()));
    line("");
    line(
        "**Licence: not stated yet.** Write yours at the top of this page, in the place of `"
            + LICENCE
            + "`; data and initial weights may limit what it can be.");
    use();
    input();
    classes();
    training();
    scoreTable();
    line("").line("## Configuration").line("");
    line("Without places of data, which are the machine's that trained it.").line("");
    line("```yaml").text(StrictYaml.text(card.path("configuration"))).line("```");
    fileTable();
  }

  private void use() {
    line("").line("## Use");
    for (JsonNode file : files()) {
      String name = file.path("name").asText();
      line("");
      switch (file.path("format").asText()) {
        case "onnx" ->
            line("`" + name + "` is an ONNX model; its inputs and outputs say what they take.");
        case "dl4j" -> line("`" + name + "` is a ComputationGraph that plain DL4J restores.");
        default ->
            line("`" + name + "` has the key names of the released PyTorch code (AdaptSegNet).");
      }
      if (!file.path("format").asText().equals("onnx")) {
        line("").line("    jobs/local.sh predict --weights " + name + " --input photo.jpg \\");
        line("      --output predictions");
      }
    }
  }

  private void input() {
    JsonNode input = card.path("input");
    line("").line("## Input").line("");
    line(
        String.format(
            Locale.ROOT,
            "Pictures resized to %d × %d (%s), channels %s; value (0 to 255) minus %s, times %s.",
            input.path("width").asInt(),
            input.path("height").asInt(),
            input.path("resize").asText(),
            join(input.path("channels")),
            join(input.path("mean")),
            join(input.path("scale"))));
  }

  private static String join(JsonNode array) {
    return String.join(", ", list(array).stream().map(JsonNode::asText).toList());
  }

  private void classes() {
    line("")
        .line("## Classes")
        .line("")
        .line("| id | class | red, green, blue |")
        .line("|---|---|---|");
    for (JsonNode one : card.path("classes")) {
      line(
          "| %s | %s | %s |"
              .formatted(
                  one.path("id").asText(), cell(one.path("name")), join(one.path("colour"))));
    }
  }

  private void training() {
    JsonNode training = card.path("training");
    line("").line("## Training data").line("");
    line("| use | dataset | split | size | images |").line("|---|---|---|---|---|");
    for (String use : List.of("source", "target", "evaluation")) {
      for (JsonNode split : of(use)) {
        line(
            "| %s | %s | %s | %s × %s | %s |"
                .formatted(
                    use,
                    cell(split.path("dataset")),
                    cell(split.path("split")),
                    split.path("width").asText(),
                    split.path("height").asText(),
                    training.path(use).path("images").asText("not known")));
      }
    }
    JsonNode weights = training.path("initial-weights");
    line("");
    line(
        weights.isEmpty()
            ? "It began with random values; seed %s.".formatted(training.path("seed").asText())
            : "It began with `%s` (%s, SHA-256 `%s`); seed %s."
                .formatted(
                    weights.path("file").asText(),
                    weights.path("from").asText(),
                    weights.path("sha256").asText("not known"),
                    training.path("seed").asText()));
  }

  private void scoreTable() {
    line("").line("## Scores").line("");
    List<JsonNode> scores = scores();
    if (scores.isEmpty()) {
      line("None. " + card.path("scores-note").asText());
      return;
    }
    StringBuilder head = new StringBuilder("| IoU in percent |");
    StringBuilder rule = new StringBuilder("|---|");
    StringBuilder mean = new StringBuilder("| **mean** |");
    for (int i = 0; i < scores.size(); i++) {
      head.append(String.format(Locale.ROOT, " %d |", i + 1));
      rule.append("---|");
      mean.append(" **").append(percent(scores.get(i).path("miou"))).append("** |");
    }
    line(head.toString()).line(rule.toString());
    int row = 0;
    for (JsonNode one : card.path("classes")) {
      StringBuilder line = new StringBuilder("| ").append(cell(one.path("name"))).append(" |");
      for (JsonNode score : scores) {
        line.append(' ').append(percent(score.path("iou").path(row))).append(" |");
      }
      line(line.toString());
      row++;
    }
    line(mean.toString()).line("");
    for (int i = 0; i < scores.size(); i++) {
      line(
          String.format(
              Locale.ROOT,
              "%d. %s; %d images.",
              i + 1,
              protocol(scores.get(i)),
              scores.get(i).path("images").asInt()));
    }
  }

  private static String percent(JsonNode value) {
    return value.isNumber() ? String.format(Locale.ROOT, "%.2f", 100 * value.asDouble()) : "–";
  }

  private void fileTable() {
    line("").line("## Files").line("");
    line("| file | format | bytes | SHA-256 |").line("|---|---|---|---|");
    for (JsonNode file : files()) {
      line(
          "| %s | %s | %s | `%s` |"
              .formatted(
                  cell(file.path("name")),
                  file.path("format").asText(),
                  file.path("bytes").asText(),
                  file.path("sha256").asText()));
    }
    JsonNode by = card.path("exported-by");
    line("");
    line(
        "Trained with adaptseg-spark %s on Spark %s, Java %s; exported by %s."
            .formatted(
                card.path("versions").path("project").asText("of a version not known"),
                card.path("versions").path("spark").asText("not known"),
                card.path("versions").path("java").asText("not known"),
                by.path("project").asText()));
  }

  /** A text in a table or a heading. */
  private static String cell(JsonNode text) {
    return text.asText().replaceAll("\\R", " ").replace("|", "\\|");
  }
}
