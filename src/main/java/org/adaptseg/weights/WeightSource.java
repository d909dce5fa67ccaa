package org.adaptseg.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.WeightsFrom;
import org.adaptseg.nn.ParameterSlice;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The file that a configuration's {@code initial-weights} names, laid over its generator. */
public final class WeightSource {
  /** Where the stride is, in what a written file says of its network. */
  static final String STRIDE_ON = "stride-on";

  /** The rates that a head sums, there. */
  static final String HEAD_RATES = "head-rates";

  private static final List<Integer> ADVENT_RATES = List.of(6, 12, 18, 24);

  private WeightSource() {}

  /**
   * Reads the file and matches it by the rules of its origin.
   *
   * @param network tensors of the generator that the configuration describes
   * @throws WeightsException if it is not a weight file, or not of that origin, or of a network
   *     that says itself that it sees or strides differently
   * @throws IOException if it cannot be read
   */
  public static WeightImport match(
      RunConfig config, List<ParameterSlice> network, Configuration hadoop) throws IOException {
    InitialWeights given = config.initialWeights();
    StateDictionary file = WeightFiles.read(new Path(given.file()), given.key(), hadoop);
    List<String> problems = new ArrayList<>();
    WeightsFrom from = given.from();
    boolean trained = WeightRules.isTrained(file);
    if (trained && (from == WeightsFrom.RELEASED_INIT || from == WeightsFrom.TORCHVISION)) {
      problems.add(
          "expected weights to begin with, found a trained network's head"
              + " (initial-weights.from: adaptseg, advent or own)");
    }
    if (!trained && from == WeightsFrom.ADAPTSEG) {
      problems.add(
          "expected a trained network, found no main head (initial-weights.from: released-init?)");
    }
    if (trained && from == WeightsFrom.ADVENT && !config.model().headRates().equals(ADVENT_RATES)) {
      problems.add(
          "expected model.head-rates: %s, which ADVENT's trained networks sum, found %s"
              .formatted(ADVENT_RATES, config.model().headRates()));
    }
    Map<String, String> expected = about(config);
    file.metadata()
        .forEach(
            (key, value) -> {
              if (expected.containsKey(key) && !expected.get(key).equals(value)) {
                problems.add(
                    "the file was written by a network with %s %s; the configuration has %s"
                        .formatted(key, value, expected.get(key)));
              }
            });
    if (!problems.isEmpty()) {
      throw new WeightsException(
          "Cannot use %s: %s".formatted(given.file(), String.join("; ", problems)));
    }
    return WeightImport.of(file, network, WeightRules.of(given, config.model(), file));
  }

  /** What a written file says of its network that no tensor shows. */
  public static Map<String, String> about(RunConfig config) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put(STRIDE_ON, config.model().strideOn().key());
    about.put("normalisation", config.data().normalisation().key());
    about.put(HEAD_RATES, config.model().headRates().toString());
    return about;
  }
}
