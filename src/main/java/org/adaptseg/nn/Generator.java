package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.adaptseg.config.Level;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.Tensor;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.LayerContext;

/**
 * The segmentation network G: dilated ResNet or VGG, output stride 8, with a head per level: the
 * paper's are on stage 3 ({@code aux}) and on stage 4 ({@code main}). Images are [N, 3, H, W];
 * logits are maps of the stage's size, H/8 × W/8 (rounded up, plus one) from stage 2 on.
 *
 * <p>Not thread-safe.
 */
public final class Generator extends Network {
  private final GeneratorArchitecture architecture;

  /** The engine stays the caller's. Parameters are zero until they are set. */
  public Generator(GeneratorArchitecture architecture, Engine engine) {
    this(architecture, new LayerContext(engine));
  }

  /**
   * Shares scratch with discriminators, not what it keeps from forward to backward. The context
   * stays the caller's.
   */
  public Generator(GeneratorArchitecture architecture, LayerContext context) {
    super(plan(architecture), context);
    this.architecture = architecture;
  }

  /** The tensors of a generator in flat order, without gaps. */
  public static List<ParameterSlice> slices(GeneratorArchitecture architecture) {
    return NetworkLayer.slices(plan(architecture));
  }

  /**
   * The layers of a generator in the order in which they run, each head behind the stage that it
   * reads.
   */
  public static List<NetworkLayer> plan(GeneratorArchitecture a) {
    List<NetworkLayer> plan = new ArrayList<>();
    String last = null;
    BackboneLayers backbone = BackboneLayers.of(a);
    for (BackboneLayers.Entry entry : backbone.layers()) {
      String module = entry.name().equals(BackboneLayers.STEM) ? "" : entry.name();
      plan.add(new NetworkLayer(entry.name(), module, entry.layer(), last, false));
      last = entry.name();
      for (GeneratorArchitecture.Head head : a.heads()) {
        if (backbone.end(head.stage()).name().equals(entry.name())) {
          DilatedHead layer = new DilatedHead(entry.channels(), a.classes(), a.headRates());
          plan.add(new NetworkLayer(a.module(head), a.module(head), layer, last, true));
        }
      }
    }
    return List.copyOf(plan);
  }

  /**
   * Logits of all heads in the order of the stages; the tensors are overwritten by the next
   * forward.
   *
   * @param image {@link Tensor.Kind#IMAGE}, [N, 3, H, W]
   * @param training batch statistics, which also move the running ones; else running statistics
   */
  public Map<Level, Tensor> forward(Tensor image, boolean training) {
    context.setIdle(Set.of());
    chain.forward(image, training);
    Map<Level, Tensor> logits = new LinkedHashMap<>();
    for (GeneratorArchitecture.Head head : architecture.heads()) {
      logits.put(head.level(), chain.output(architecture.module(head)));
    }
    return logits;
  }

  /**
   * Logits of {@code main} at evaluation; other heads do no work. The tensor is overwritten by the
   * next forward.
   *
   * @param image {@link Tensor.Kind#IMAGE}, [N, 3, H, W]
   */
  public Tensor segment(Tensor image) {
    context.setIdle(
        architecture.heads().stream()
            .filter(h -> !h.level().equals(Level.MAIN))
            .map(architecture::module)
            .collect(Collectors.toSet()));
    chain.forward(image, false);
    return chain.output(architecture.module(head(Level.MAIN)));
  }

  /**
   * Gradients of the parameters for the last training forward.
   *
   * @param gradients of the logits; a level without has gradient 0, and its head does no work
   * @param ofFeatures gradients of {@link #features} of a level's stage, added to what the logits
   *     give
   * @param accumulate add to {@link #gradients} instead of overwriting
   */
  public void backward(
      Map<Level, Tensor> gradients, Map<Level, Tensor> ofFeatures, boolean accumulate) {
    context.setAccumulate(accumulate);
    context.setGradients(true, false);
    Map<String, Tensor> ofLogits = new HashMap<>();
    Map<String, Tensor> further = new HashMap<>();
    Set<String> idle = new HashSet<>();
    for (GeneratorArchitecture.Head head : architecture.heads()) {
      String module = architecture.module(head);
      Tensor gradient = gradients.get(head.level());
      if (gradient == null) {
        idle.add(module);
      }
      // An idle head does not read what it is given.
      ofLogits.put(module, gradient == null ? chain.output(module) : gradient);
      if (ofFeatures.containsKey(head.level())) {
        further.put(lastLayer(head), ofFeatures.get(head.level()));
      }
    }
    context.setIdle(idle);
    chain.backward(ofLogits, further);
  }

  /** As {@link #backward(Map, Map, boolean)} without gradients of features. */
  public void backward(Map<Level, Tensor> gradients, boolean accumulate) {
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

  /** Output of a level's stage in the last forward. */
  public Tensor features(Level level) {
    return chain.output(lastLayer(head(level)));
  }

  /** What batch normalisations do in the next training forwards; at first they move. */
  public void setStatistics(LayerContext.Statistics statistics) {
    context.setStatistics(statistics);
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
