package org.adaptseg.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.adaptseg.config.StrideOn;
import org.adaptseg.engine.BatchNorm;

/**
 * What DL4J's {@code configuration.json} says of a graph's parameters. It is read as plain JSON;
 * the classes that it names are compared with a list and never looked up.
 *
 * @param tensors in the order of the flat vector, under PyTorch's names
 * @param about what no tensor shows: {@code stride-on} and {@code head-rates}, where the layers
 *     have the names of our networks
 */
record Dl4jConfiguration(List<Entry> tensors, Map<String, String> about) {
  private static final String LAYERS = "org.deeplearning4j.nn.conf.layers.";
  private static final String CONVOLUTION = LAYERS + "ConvolutionLayer";
  private static final String NORMALISATION = LAYERS + "BatchNormalization";

  /** Wrappers with which DL4J keeps layers from being trained, and where what they wrap is. */
  private static final Map<String, String> FROZEN =
      Map.of(
          LAYERS + "misc.FrozenLayer",
          "layer",
          "org.deeplearning4j.nn.conf.graph.FrozenVertex",
          "underlying");

  private static final Set<String> WITHOUT_PARAMETERS =
      Set.of(
          LAYERS + "ActivationLayer",
          LAYERS + "CnnLossLayer",
          LAYERS + "DropoutLayer",
          LAYERS + "SubsamplingLayer",
          LAYERS + "Upsampling2D",
          LAYERS + "ZeroPaddingLayer");

  private static final String VERTICES = "org.deeplearning4j.nn.conf.graph.";
  private static final String LAYER = VERTICES + "LayerVertex";

  /** A tensor: its key, and its sizes in DL4J, which are PyTorch's. */
  record Entry(String key, long[] shape) {}

  Dl4jConfiguration {
    tensors = List.copyOf(tensors);
    about = Map.copyOf(about);
  }

  /**
   * @throws WeightsException if it is no graph, or has a layer whose parameters are not known
   */
  static Dl4jConfiguration of(JsonNode root) {
    if (root == null || !root.isObject() || !root.path("vertices").isObject()) {
      boolean row = root != null && root.has("confs");
      throw refused(
          "a ComputationGraph with vertices", row ? "a MultiLayerNetwork" : "something else");
    }
    List<Entry> tensors = new ArrayList<>();
    Map<String, JsonNode> convolutions = new LinkedHashMap<>();
    for (String name : order(root)) {
      JsonNode vertex = thawed(root.get("vertices").get(name));
      String type = type(vertex);
      if (type.equals(LAYER)) {
        JsonNode layer = thawed(vertex.path("layerConf").path("layer"));
        layer(name, layer, tensors);
        if (type(layer).equals(CONVOLUTION)) {
          convolutions.put(name, layer);
        }
      } else if (!type.equals(VERTICES + "ElementWiseVertex")) {
        throw refused("layers and sums of them", "'%s' (%s)".formatted(type, name));
      }
    }
    return new Dl4jConfiguration(tensors, about(convolutions));
  }

  private static JsonNode thawed(JsonNode node) {
    JsonNode within = node;
    for (String at = FROZEN.get(type(within)); at != null; at = FROZEN.get(type(within))) {
      within = within.path(at);
    }
    return within;
  }

  private static String type(JsonNode node) {
    return node.path("@class").asText();
  }

  /** Vertices in the order of their parameters, which a saved graph states. */
  private static List<String> order(JsonNode root) {
    Set<String> open = new HashSet<>();
    root.get("vertices").fieldNames().forEachRemaining(open::add);
    Set<String> inputs = new HashSet<>();
    root.path("networkInputs").forEach(input -> inputs.add(input.asText()));
    List<String> order = new ArrayList<>();
    for (JsonNode node : root.path("topologicalOrderStr")) {
      String name = node.asText();
      if (open.remove(name)) {
        order.add(name);
      } else if (!inputs.remove(name)) {
        throw refused("every vertex once in topologicalOrderStr", "'%s'".formatted(name));
      }
    }
    if (!open.isEmpty()) {
      throw refused(
          "every vertex once in topologicalOrderStr",
          "none for '%s'".formatted(open.stream().sorted().findFirst().orElseThrow()));
    }
    return order;
  }

  private static void layer(String name, JsonNode layer, List<Entry> tensors) {
    String type = type(layer);
    if (type.equals(CONVOLUTION)) {
      long out = size(name, layer.path("nout"));
      if (layer.path("hasBias").asBoolean(true)) {
        tensors.add(new Entry(name + ".bias", new long[] {out}));
      }
      require(name, layer.path("cnn2dDataFormat").asText("NCHW"), "NCHW");
      JsonNode kernel = layer.path("kernelSize");
      tensors.add(
          new Entry(
              name + ".weight",
              new long[] {
                out,
                size(name, layer.path("nin")),
                size(name, kernel.path(0)),
                size(name, kernel.path(1))
              }));
    } else if (type.equals(NORMALISATION)) {
      require(name, "useLogStd " + layer.path("useLogStd").asBoolean(), "useLogStd false");
      require(
          name, "lockGammaBeta " + layer.path("lockGammaBeta").asBoolean(), "lockGammaBeta false");
      require(name, "eps " + layer.path("eps").asDouble(), "eps " + BatchNorm.EPSILON);
      long[] shape = {size(name, layer.path("nout"))};
      for (String tensor : List.of("weight", "bias", "running_mean", "running_var")) {
        tensors.add(new Entry(name + "." + tensor, shape));
      }
    } else if (!WITHOUT_PARAMETERS.contains(type)) {
      throw refused(
          "convolutions, batch normalisations and layers without parameters",
          "'%s' (%s)".formatted(type, name));
    }
  }

  private static void require(String name, String found, String expected) {
    if (!found.equals(expected)) {
      throw refused(expected, "%s (%s)".formatted(found, name));
    }
  }

  private static long size(String name, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < 1) {
      throw refused("positive sizes", "%s (%s)".formatted(node.asText("none"), name));
    }
    return node.asLong();
  }

  /** What {@link WeightSource#about} says of our networks, where layers have their names. */
  private static Map<String, String> about(Map<String, JsonNode> convolutions) {
    Map<String, String> about = new LinkedHashMap<>();
    for (StrideOn strideOn : StrideOn.values()) {
      String strided = strideOn == StrideOn.SPATIAL ? "layer2.0.conv2" : "layer2.0.conv1";
      if (first(convolutions.get(strided), "stride") == 2) {
        about.put(WeightSource.STRIDE_ON, strideOn.key());
      }
    }
    for (String head : List.of("layer6", "classifier")) {
      Map<Integer, Integer> rates = new TreeMap<>();
      for (int i = 0; convolutions.containsKey(head + ".conv2d_list." + i); i++) {
        rates.put(i, first(convolutions.get(head + ".conv2d_list." + i), "dilation"));
      }
      if (!rates.isEmpty()) {
        about.put(WeightSource.HEAD_RATES, rates.values().toString());
      }
    }
    return about;
  }

  private static int first(JsonNode layer, String key) {
    return layer == null ? 0 : layer.path(key).path(0).asInt();
  }

  private static WeightsException refused(String expected, String found) {
    return new WeightsException(
        "Cannot read DL4J's configuration.json: expected %s, found %s".formatted(expected, found));
  }
}
