package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.LeakyConvolution;

/**
 * A fully convolutional discriminator D: tells whether a label map is a source prediction (0) or a
 * target prediction (1), one logit per patch of 32×32 pixels.
 *
 * <p>Not thread-safe.
 */
public final class Discriminator extends Network {
  private static final String LAST = "classifier";

  private final DiscriminatorArchitecture architecture;
  private FeatureShape inputShape;

  /** The engine stays the caller's. Parameters are zero until they are set. */
  public Discriminator(DiscriminatorArchitecture architecture, Engine engine) {
    this(architecture, new LayerContext(engine));
  }

  /**
   * Shares all buffers with other discriminators: the backward of one must come before the forward
   * of another. The context stays the caller's.
   */
  public Discriminator(DiscriminatorArchitecture architecture, LayerContext context) {
    super(plan(architecture), context);
    this.architecture = architecture;
  }

  private static List<NetworkLayer> plan(DiscriminatorArchitecture a) {
    List<NetworkLayer> plan = new ArrayList<>();
    String last = null;
    List<LeakyConvolution> layers = layers(a);
    for (int i = 0; i < layers.size(); i++) {
      String name = i < layers.size() - 1 ? "conv" + (i + 1) : LAST;
      plan.add(new NetworkLayer(name, name, layers.get(i), last, false));
      last = name;
    }
    return List.copyOf(plan);
  }

  /** The layers in order. */
  static List<LeakyConvolution> layers(DiscriminatorArchitecture a) {
    List<LeakyConvolution> layers = new ArrayList<>();
    int channels = a.classes();
    for (int i = 0; i < 4; i++) {
      layers.add(new LeakyConvolution(channels, a.width() << i, true, i == 0));
      channels = a.width() << i;
    }
    layers.add(new LeakyConvolution(channels, 1, false, false));
    return layers;
  }

  /**
   * Logits of the patches, [N, 1, H/32, W/32]; the tensor is overwritten by the next forward of a
   * discriminator of this context.
   *
   * @param probabilities {@link Tensor.Kind#PIXELS}, of as many channels as there are classes
   */
  public Tensor forward(Tensor probabilities) {
    inputShape = probabilities.shape();
    Tensor input = context.map("label-map", inputShape);
    context.activationsOf(this);
    engine().elementwise().fromPixels(probabilities, input);
    chain.forward(input, true);
    return chain.output(LAST);
  }

  /** Memory for a gradient of the logits of the last forward; shared like them. */
  public Tensor gradientOfLogits() {
    return context.logits("gradient-of-logits", chain.output(LAST).shape());
  }

  /** Back-propagates the gradient of the logits into {@link #gradients}. */
  public void backwardToParameters(Tensor gradient, boolean accumulate) {
    context.requireActivationsOf(this);
    context.setAccumulate(accumulate);
    context.setGradients(true, false);
    chain.backward(Map.of(LAST, gradient), Map.of());
  }

  /**
   * Back-propagates the gradient of the logits to the label map, leaving {@link #gradients} alone.
   *
   * @return {@link Tensor.Kind#PIXELS}, in scratch: valid until the next label map is read
   */
  public Tensor backwardToInput(Tensor gradient) {
    context.requireActivationsOf(this);
    context.setGradients(false, true);
    Tensor ofMap = chain.backward(Map.of(LAST, gradient), Map.of());
    Tensor ofPixels = context.pixels(LabelMapScores.SCRATCH, inputShape);
    engine().elementwise().toPixels(ofMap, ofPixels);
    return ofPixels;
  }

  @Override
  public String fingerprint() {
    return architecture.fingerprint();
  }
}
