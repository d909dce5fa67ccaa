package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.adaptseg.config.Level;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.LayerContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The segmentation network G: dilated ResNet or VGG, output stride 8, with a head per level: the
 * paper's are on stage 3 ({@code aux}) and on stage 4 ({@code main}). Images are [1, 3, H, W];
 * logits are maps of the stage's size, H/8 × W/8 (rounded up, plus one) from stage 2 on, in the
 * kernels' layout.
 *
 * <p>Not thread-safe.
 */
public final class Generator extends Network {
  private final GeneratorArchitecture architecture;
  private List<INDArray> outputs = List.of();

  /** The kernels stay the caller's. Parameters are zero until they are set. */
  public Generator(GeneratorArchitecture architecture, Kernels kernels) {
    this(architecture, new LayerContext(kernels));
  }

  /**
   * Shares scratch with discriminators, not what it keeps from forward to backward. The context's
   * kernels stay the caller's.
   */
  public Generator(GeneratorArchitecture architecture, LayerContext context) {
    super(
        configuration(architecture, context.kernels()),
        context,
        (layer, name) -> layer.equals(BackboneLayers.STEM) ? name : layer + "." + name,
        layer -> architecture.heads().stream().anyMatch(h -> architecture.module(h).equals(layer)));
    this.architecture = architecture;
  }

  private static ComputationGraphConfiguration configuration(
      GeneratorArchitecture a, Kernels kernels) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .dataType(kernels.dataType())
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder()
            .addInputs("image");
    String last = "image";
    BackboneLayers backbone = BackboneLayers.of(a);
    for (BackboneLayers.Entry entry : backbone.layers()) {
      builder.addLayer(entry.name(), entry.layer(), last);
      last = entry.name();
      for (GeneratorArchitecture.Head head : a.heads()) {
        if (backbone.end(head.stage()).name().equals(entry.name())) {
          builder.addLayer(
              a.module(head), new DilatedHead(entry.channels(), a.classes(), a.headRates()), last);
        }
      }
    }
    return builder.setOutputs(a.heads().stream().map(a::module).toArray(String[]::new)).build();
  }

  /**
   * Logits of all heads in the order of the stages; the arrays are overwritten by the next forward.
   *
   * @param image [N, 3, H, W]
   * @param training batch statistics, which also move the running ones; else running statistics
   */
  public Map<Level, INDArray> forward(INDArray image, boolean training) {
    context.setIdle(Set.of());
    outputs = graph.forward(image, training);
    Map<Level, INDArray> logits = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      logits.put(architecture.heads().get(i).level(), outputs.get(i));
    }
    return logits;
  }

  /**
   * Logits of {@code main} at evaluation; other heads do no work. The array is overwritten by the
   * next forward.
   *
   * @param image [1, 3, H, W]
   */
  public INDArray segment(INDArray image) {
    List<GeneratorArchitecture.Head> heads = architecture.heads();
    context.setIdle(
        heads.stream()
            .filter(h -> !h.level().equals(Level.MAIN))
            .map(architecture::module)
            .collect(Collectors.toSet()));
    return graph.forward(image, false).get(heads.size() - 1);
  }

  /**
   * Gradients of the parameters for the last training forward.
   *
   * @param gradients of the logits, in the kernels' layout; a level without has gradient 0, and its
   *     head does no work
   * @param ofFeatures gradients of {@link #features} of a level's stage, added to what the logits
   *     give
   * @param accumulate add to {@link #gradients} instead of overwriting
   */
  public void backward(
      Map<Level, INDArray> gradients, Map<Level, INDArray> ofFeatures, boolean accumulate) {
    for (GeneratorArchitecture.Head head : architecture.heads()) {
      context.setOutputGradient(lastLayer(head), ofFeatures.get(head.level()));
    }
    context.setAccumulate(accumulate);
    context.setGradients(true, false);
    List<INDArray> epsilons = new ArrayList<>();
    Set<String> idle = new HashSet<>();
    for (int i = 0; i < outputs.size(); i++) {
      GeneratorArchitecture.Head head = architecture.heads().get(i);
      INDArray gradient = gradients.get(head.level());
      if (gradient == null) {
        idle.add(architecture.module(head));
      }
      // An idle head does not read what it is given.
      epsilons.add(gradient == null ? outputs.get(i) : gradient);
    }
    context.setIdle(idle);
    graph.backward(epsilons);
    graph.forget();
  }

  /** As {@link #backward(Map, Map, boolean)} without gradients of features. */
  public void backward(Map<Level, INDArray> gradients, boolean accumulate) {
    backward(gradients, Map.of(), accumulate);
  }

  private GeneratorArchitecture.Head head(Level level) {
    return architecture.heads().stream()
        .filter(h -> h.level().equals(level))
        .findFirst()
        .orElseThrow();
  }

  private String lastLayer(GeneratorArchitecture.Head head) {
    return BackboneLayers.of(architecture).end(head.stage()).name();
  }

  /** Output of a level's stage in the last forward, in the kernels' layout. */
  public INDArray features(Level level) {
    return graph.activation(lastLayer(head(level)));
  }

  /** Shape of {@link #features}. */
  public FeatureShape featuresShape(Level level) {
    return context.kernels().shapeOf(features(level), architecture.channels(head(level).stage()));
  }

  /** What batch normalisations do in the next training forwards; at first they move. */
  public void setStatistics(LayerContext.Statistics statistics) {
    context.setStatistics(statistics);
  }

  /** Shape of a head's logits. */
  public FeatureShape logitsShape(INDArray logits) {
    return context.kernels().shapeOf(logits, architecture.classes());
  }

  /** The architecture. */
  public GeneratorArchitecture architecture() {
    return architecture;
  }

  @Override
  public String fingerprint() {
    return architecture.fingerprint();
  }
}
