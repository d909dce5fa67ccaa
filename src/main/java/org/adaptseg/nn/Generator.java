package org.adaptseg.nn;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.layers.DilatedHead;
import org.adaptseg.nn.layers.ResidualBlock;
import org.adaptseg.nn.layers.Stem;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The segmentation network G: dilated ResNet, output stride 8, with a head on stage 3 ({@code aux})
 * and one on stage 4 ({@code main}). Images are [1, 3, H, W], BGR minus mean; logits are maps of
 * H/8 × W/8 (rounded up, plus one) in the kernels' layout.
 *
 * <p>Not thread-safe.
 */
public final class Generator extends Network {
  private static final int[] STRIDES = {1, 2, 1, 1};
  private static final int[] DILATIONS = {1, 1, 2, 4};
  private static final String AUX_HEAD = "layer5";
  private static final String MAIN_HEAD = "layer6";
  private static final String STEM = "stem";

  private final GeneratorArchitecture architecture;

  /** The kernels stay the caller's. Parameters are zero until they are set. */
  public Generator(GeneratorArchitecture architecture, Kernels kernels) {
    super(
        configuration(architecture, kernels),
        kernels,
        (layer, name) -> layer.equals(STEM) ? name : layer + "." + name,
        layer -> layer.equals(AUX_HEAD) || layer.equals(MAIN_HEAD));
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
            .addInputs("image")
            .addLayer(STEM, new Stem(3, a.baseWidth()), "image");
    String last = STEM;
    int channels = a.baseWidth();
    for (int stage = 0; stage < STRIDES.length; stage++) {
      int planes = a.baseWidth() << stage;
      for (int block = 0; block < a.blocks().get(stage); block++) {
        String name = "layer" + (stage + 1) + "." + block;
        int stride = block == 0 ? STRIDES[stage] : 1;
        builder.addLayer(
            name, new ResidualBlock(channels, planes, stride, DILATIONS[stage], block == 0), last);
        last = name;
        channels = planes * ResidualBlock.EXPANSION;
      }
      if (stage == 2) {
        builder.addLayer(AUX_HEAD, new DilatedHead(channels, a.classes(), a.headRates()), last);
      }
    }
    builder.addLayer(MAIN_HEAD, new DilatedHead(channels, a.classes(), a.headRates()), last);
    return builder.setOutputs(AUX_HEAD, MAIN_HEAD).build();
  }

  /**
   * Logits of both heads; the arrays are overwritten by the next forward.
   *
   * @param image [1, 3, H, W]
   * @param training batch statistics, which also move the running ones; else running statistics
   */
  public Map<Level, INDArray> forward(INDArray image, boolean training) {
    List<INDArray> out = graph.forward(image, training);
    Map<Level, INDArray> logits = new EnumMap<>(Level.class);
    logits.put(Level.AUX, out.get(0));
    logits.put(Level.MAIN, out.get(1));
    return logits;
  }

  /**
   * Gradients of the parameters for the last training forward.
   *
   * @param gradients of the logits of every level, in the kernels' layout
   * @param accumulate add to {@link #gradients} instead of overwriting
   */
  public void backward(Map<Level, INDArray> gradients, boolean accumulate) {
    context.setAccumulate(accumulate);
    graph.backward(List.of(gradients.get(Level.AUX), gradients.get(Level.MAIN)));
    graph.forget();
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
