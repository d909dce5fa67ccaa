package org.adaptseg.nn;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.LeakyConvolution;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A fully convolutional discriminator D: tells whether a label map [pixels, classes] of an image is
 * a source prediction (0) or a target prediction (1), one logit per patch of 32×32 pixels.
 *
 * <p>Not thread-safe.
 */
public final class Discriminator extends Network {
  private final DiscriminatorArchitecture architecture;
  private final Kernels kernels;
  private FeatureShape inputShape;
  private FeatureShape outputShape;
  private INDArray outputGradient;

  /** The kernels stay the caller's. Parameters are zero until they are set. */
  public Discriminator(DiscriminatorArchitecture architecture, Kernels kernels) {
    this(architecture, new LayerContext(kernels));
  }

  /**
   * Shares all buffers with other discriminators: the backward of one must come before the forward
   * of another. The context's kernels stay the caller's.
   */
  public Discriminator(DiscriminatorArchitecture architecture, LayerContext context) {
    super(
        configuration(architecture, context.kernels()),
        context,
        (layer, name) -> layer + "." + name,
        layer -> false);
    this.architecture = architecture;
    this.kernels = context.kernels();
  }

  private static ComputationGraphConfiguration configuration(
      DiscriminatorArchitecture a, Kernels kernels) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .dataType(kernels.dataType())
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder()
            .addInputs("label-map");
    String last = "label-map";
    List<LeakyConvolution> layers = layers(a);
    for (int i = 0; i < layers.size(); i++) {
      String name = i < layers.size() - 1 ? "conv" + (i + 1) : "classifier";
      builder.addLayer(name, layers.get(i), last);
      last = name;
    }
    return builder.setOutputs(last).build();
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
   * Logits of the patches, row-major [N, 1, H/32, W/32].
   *
   * @param probabilities rows of pixels [N·H·W, classes]
   * @param image N, H, W of the label map; its channels do not matter
   */
  public float[] forward(INDArray probabilities, FeatureShape image) {
    FeatureShape shape = image.withChannels(architecture.classes());
    inputShape = shape;
    INDArray input = context.buffer("label-map", shape);
    context.activationsOf(this);
    kernels.elementwise().fromPixels(probabilities, input, shape);
    INDArray out = graph.forward(input, true).get(0);
    outputShape = kernels.shapeOf(out, 1);
    INDArray plain =
        Nd4j.create(
            kernels.dataType(), outputShape.images(), 1, outputShape.height(), outputShape.width());
    kernels.elementwise().toNchw(out, plain, outputShape);
    return plain.reshape(plain.length()).toFloatVector();
  }

  /** Back-propagates the gradient of the logits into {@link #gradients}. */
  public void backwardToParameters(float[] gradient, boolean accumulate) {
    context.requireActivationsOf(this);
    context.setAccumulate(accumulate);
    context.setGradients(true, false);
    graph.backward(List.of(internal(gradient)));
  }

  /**
   * Back-propagates the gradient of the logits to the label map, leaving {@link #gradients} alone.
   *
   * @return rows of pixels [N·H·W, classes], in scratch: valid until the next label map is read
   */
  public INDArray backwardToInput(float[] gradient) {
    context.requireActivationsOf(this);
    context.setGradients(false, true);
    INDArray g = graph.backward(List.of(internal(gradient)));
    INDArray pixelGradient =
        context.rows(LabelMapScores.SCRATCH, inputShape.pixels(), inputShape.channels());
    kernels.elementwise().toPixels(g, pixelGradient, inputShape);
    return pixelGradient;
  }

  private INDArray internal(float[] gradient) {
    long[] dims = kernels.activationShape(outputShape);
    if (outputGradient == null || !java.util.Arrays.equals(outputGradient.shape(), dims)) {
      outputGradient = Nd4j.create(kernels.dataType(), dims);
    }
    INDArray plain =
        Nd4j.createFromArray(gradient)
            .castTo(kernels.dataType())
            .reshape('c', outputShape.images(), 1, outputShape.height(), outputShape.width());
    kernels.elementwise().fromNchw(plain, outputGradient, outputShape);
    return outputGradient;
  }

  @Override
  public String fingerprint() {
    return architecture.fingerprint();
  }
}
