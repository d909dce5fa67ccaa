package org.adaptseg.weights.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.adaptseg.config.StrideOn;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.GeneratorArchitecture.Head;
import org.adaptseg.nn.NetworkLayer;
import org.adaptseg.nn.layers.BasicBlock;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.LayerSpec;
import org.adaptseg.nn.layers.PlainConvolution;
import org.adaptseg.nn.layers.ResidualBlock;
import org.adaptseg.nn.layers.Stem;
import org.adaptseg.weights.graph.GraphOperators.Window;

/**
 * Says a generator to another program's graph, operator by operator in the order in which they run.
 * Operators have the names of PyTorch's modules.
 */
public final class GraphWalk {
  private final GraphOperators graph;
  private final Map<String, String> outputs = new HashMap<>();

  private GraphWalk(GraphOperators graph) {
    this.graph = graph;
  }

  /**
   * Adds a generator up to the logits of some heads, before they are upsampled.
   *
   * @param heads those that are wanted, of the generator's
   * @param image name of the graph's input
   * @return names of the logits in the order of {@code heads}
   */
  public static List<String> write(
      GeneratorArchitecture architecture, List<Head> heads, String image, GraphOperators graph) {
    GraphWalk walk = new GraphWalk(graph);
    Set<String> wanted =
        Set.copyOf(heads.stream().map(architecture::module).toList()); // modules name layers
    for (NetworkLayer layer : Generator.plan(architecture)) {
      if (!layer.head() || wanted.contains(layer.module())) {
        walk.add(layer, image);
      }
    }
    return heads.stream().map(architecture::module).map(walk.outputs::get).toList();
  }

  private void add(NetworkLayer layer, String image) {
    String input = layer.input() == null ? image : outputs.get(layer.input());
    LayerSpec spec = layer.spec();
    String output;
    if (spec instanceof Stem) {
      output = stem(input);
    } else if (spec instanceof ResidualBlock block) {
      output = block(layer.module() + ".", block, input);
    } else if (spec instanceof BasicBlock block) {
      output = basic(layer.module() + ".", block, input);
    } else if (spec instanceof PlainConvolution plain) {
      output = plain(layer.module(), plain, input);
    } else if (spec instanceof DilatedHead head) {
      output = head(layer.module(), head, input);
    } else {
      throw new IllegalArgumentException(
          "Cannot write a layer for another program: expected one of a generator, found " + spec);
    }
    outputs.put(layer.name(), output);
  }

  private String stem(String input) {
    String last = graph.relu("relu", normalized("conv1", "bn1", new Window(2, 1), input));
    return graph.maxPool("maxpool", MaxPool.Window.STEM, last);
  }

  private String block(String name, ResidualBlock block, String input) {
    boolean spatial = block.strideOn() == StrideOn.SPATIAL;
    int stride = block.stride();
    String last =
        normalized(name + "conv1", name + "bn1", new Window(spatial ? 1 : stride, 1), input);
    last = graph.relu(name + "relu1", last);
    Window middle = new Window(spatial ? stride : 1, block.dilation());
    last = graph.relu(name + "relu2", normalized(name + "conv2", name + "bn2", middle, last));
    last = normalized(name + "conv3", name + "bn3", new Window(1, 1), last);
    String shortcut = input;
    if (block.projection()) {
      shortcut =
          normalized(name + "downsample.0", name + "downsample.1", new Window(stride, 1), input);
    }
    return graph.relu(name + "relu3", graph.sum(name + "add", List.of(last, shortcut)));
  }

  private String basic(String name, BasicBlock block, String input) {
    Window first = new Window(block.stride(), block.dilation());
    String last =
        graph.relu(name + "relu1", normalized(name + "conv1", name + "bn1", first, input));
    Window second = new Window(1, block.dilation());
    last = normalized(name + "conv2", name + "bn2", second, last);
    String shortcut = input;
    if (block.projection()) {
      Window strided = new Window(block.stride(), 1);
      shortcut = normalized(name + "downsample.0", name + "downsample.1", strided, input);
    }
    return graph.relu(name + "relu2", graph.sum(name + "add", List.of(last, shortcut)));
  }

  private String plain(String name, PlainConvolution layer, String input) {
    // PyTorch numbers the modules of a sequence: the pooling is the one before.
    int dot = name.lastIndexOf('.');
    String before = name.substring(0, dot + 1) + (Integer.parseInt(name.substring(dot + 1)) - 1);
    String map = layer.pooled() ? graph.maxPool(before, MaxPool.Window.HALVES, input) : input;
    return graph.convolution(name, new Window(1, layer.dilation()), true, map);
  }

  private String head(String name, DilatedHead head, String input) {
    List<String> branches = new ArrayList<>();
    for (int i = 0; i < head.rates().size(); i++) {
      Window window = new Window(1, head.rates().get(i));
      branches.add(graph.convolution(name + ".conv2d_list." + i, window, false, input));
    }
    return graph.sum(name, branches);
  }

  private String normalized(String convolution, String norm, Window window, String input) {
    return graph.normalisation(norm, graph.convolution(convolution, window, false, input));
  }
}
