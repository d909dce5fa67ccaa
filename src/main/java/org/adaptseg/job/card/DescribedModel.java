package org.adaptseg.job.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.TextSource;
import org.adaptseg.data.store.Json;
import org.adaptseg.engine.machine.NativeThreads;
import org.adaptseg.weights.WeightFiles;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A configuration with the label spaces and descriptions that it names.
 *
 * @param config for what needs no data
 * @param files what reads them
 */
public record DescribedModel(RunConfig config, TextSource files) {
  /**
   * What a file of weights says of its network; empty if it says nothing. How the work is spread is
   * this machine's: one worker, with {@code OMP_NUM_THREADS} or all cores.
   *
   * @param overrides {@code key=value}, each replacing one value
   * @param others reads what the overrides name
   * @throws ConfigException if it is of a version that this program does not know, or an override
   *     is wrong
   * @throws IOException if the file cannot be read
   */
  public static Optional<DescribedModel> of(
      String weights, List<String> overrides, TextSource others, Configuration hadoop)
      throws IOException {
    String text = WeightFiles.metadata(new Path(weights), hadoop).get(ModelCard.KEY);
    if (text == null) {
      return Optional.empty();
    }
    String where = "what %s says of its network".formatted(weights);
    JsonNode card = parse(text, where);
    Map<String, String> descriptions = new LinkedHashMap<>();
    card.path("descriptions")
        .fields()
        .forEachRemaining(entry -> descriptions.put(entry.getKey(), entry.getValue().asText()));
    TextSource files = new CardTexts(descriptions, others);
    List<String> all =
        new ArrayList<>(
            List.of(
                "initial-weights={from: own}",
                String.format(
                    Locale.ROOT,
                    "cluster={workers: 1, threads-per-worker: %d}",
                    NativeThreads.count())));
    all.addAll(overrides);
    String configuration = card.path("configuration").toString();
    return Optional.of(
        new DescribedModel(
            ConfigLoader.load(configuration, where, all, files, Set.<ResolvedData.Part>of()),
            files));
  }

  private static JsonNode parse(String text, String where) {
    JsonNode card;
    try {
      card = Json.tree(text);
    } catch (JsonProcessingException e) {
      throw new ConfigException(where, List.of("expected JSON, found " + Json.problem(e)));
    }
    int format = card.path("format").asInt();
    if (format != ModelCard.FORMAT) {
      throw new ConfigException(
          where,
          List.of(
              String.format(
                  Locale.ROOT,
                  "expected format %d, found %d, of another version of this program; name a"
                      + " configuration by --config",
                  ModelCard.FORMAT,
                  format)));
    }
    return card;
  }

  /** Texts that the file holds, then those of others. */
  private record CardTexts(Map<String, String> texts, TextSource others) implements TextSource {
    @Override
    public String read(String path) throws IOException {
      String text = texts.get(path);
      return text == null ? others.read(path) : text;
    }

    @Override
    public Optional<String> find(String folder, String relative) throws IOException {
      return texts.containsKey(relative) ? Optional.empty() : others.find(folder, relative);
    }

    @Override
    public String fixed(String path) {
      return texts.containsKey(path) ? path : others.fixed(path);
    }
  }
}
