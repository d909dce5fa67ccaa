package org.adaptseg.nn.layers;

import org.adaptseg.nn.kernels.BatchNorm;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.InferenceConvolution;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Convolution without bias, batch normalisation with frozen affine, and maybe ReLU, for one shape.
 */
final class NormalizedConvolution {
  private final KernelLayer layer;
  private final String convolutionName;
  private final String normName;
  private final Convolution convolution;
  private final BatchNorm norm;
  private final INDArray mean;
  private final INDArray variance;
  private final ConvolutionShape shape;
  private final FeatureShape output;
  private final boolean relu;
  private BatchNorm linear; // made where running statistics are trained with
  private INDArray lastOutput;
  private boolean lastRunning;
  private InferenceConvolution inference;
  private long folded = Long.MIN_VALUE;

  NormalizedConvolution(
      KernelLayer layer, String convolution, String norm, ConvolutionShape shape, boolean relu) {
    this.layer = layer;
    this.convolutionName = convolution;
    this.normName = norm;
    this.shape = shape;
    this.output = shape.output();
    this.relu = relu;
    this.convolution = layer.kernels().convolution(shape);
    this.norm = layer.kernels().batchNorm(output, relu);
    this.mean = Nd4j.create(layer.kernels().dataType(), output.channels());
    this.variance = Nd4j.create(layer.kernels().dataType(), output.channels());
  }

  FeatureShape output() {
    return output;
  }

  void readWeights() {
    convolution.weights(layer.parameter(convolutionName + ".weight"), null);
    norm.affine(layer.parameter(normName + ".weight"), layer.parameter(normName + ".bias"));
  }

  private INDArray convolved() {
    return layer.own(convolutionName, output);
  }

  /** Into {@code y}; keeps what backward needs, which y itself is not. */
  void forward(INDArray x, INDArray y) {
    INDArray convolved = convolved();
    convolution.forward(x, convolved);
    LayerContext.Statistics statistics = layer.context().statistics();
    lastOutput = y;
    lastRunning = statistics == LayerContext.Statistics.RUNNING;
    if (lastRunning) {
      normalizeWithRunning(convolved, y);
    } else {
      norm.forwardBatch(convolved, y, mean, variance);
      if (statistics == LayerContext.Statistics.MOVING) {
        layer.updateRunning(normName, mean, variance, output.pixels());
        folded = Long.MIN_VALUE;
      } else if (statistics == LayerContext.Statistics.REPLACING) {
        layer.replaceRunning(normName, mean, variance, output.pixels());
        folded = Long.MIN_VALUE;
      }
    }
  }

  /**
   * At evaluation: running statistics, which are folded into the weights.
   *
   * @param add whether y is added to
   * @param after whether ReLU follows, after the sum
   */
  void infer(INDArray x, INDArray y, boolean add, boolean after) {
    if (inference == null) {
      inference = layer.kernels().inference(shape, add, after);
    }
    if (layer.context().stale(folded)) {
      fold();
      folded = layer.context().weightsVersion();
    }
    inference.run(x, y);
  }

  /** γ (w * x − μ) / √(σ² + ε) + β as one convolution. */
  private void fold() {
    float[] scale = layer.parameter(normName + ".weight").toFloatVector();
    float[] shift = layer.parameter(normName + ".bias").toFloatVector();
    float[] means = layer.parameter(normName + ".running_mean").toFloatVector();
    float[] variances = layer.parameter(normName + ".running_var").toFloatVector();
    for (int c = 0; c < scale.length; c++) {
      double factor = scale[c] / Math.sqrt(variances[c] + BatchNorm.EPSILON);
      scale[c] = (float) factor;
      shift[c] = (float) (shift[c] - means[c] * factor);
    }
    inference.weights(layer.parameter(convolutionName + ".weight"), scale, shift);
  }

  private void normalizeWithRunning(INDArray convolved, INDArray y) {
    norm.forwardRunning(
        convolved,
        y,
        layer.parameter(normName + ".running_mean"),
        layer.parameter(normName + ".running_var"));
  }

  /** The y of the last training forward, computed once more. */
  void forwardAgain(INDArray y) {
    lastOutput = y;
    if (lastRunning) {
      normalizeWithRunning(convolved(), y);
    } else {
      norm.forwardAgain(convolved(), y);
    }
  }

  /**
   * @param x the input of the forward
   * @param gy gradient of y
   * @param scratch receives the gradient between convolution and normalisation; may be {@code gy}
   * @param gx receives the gradient of x, or null
   * @param add whether the gradient of x is added to {@code gx}
   */
  void backward(INDArray x, INDArray gy, INDArray scratch, INDArray gx, boolean add) {
    if (lastRunning) {
      backwardRunning(gy, scratch);
    } else {
      norm.backward(convolved(), gy, scratch);
    }
    if (layer.context().weightGradients()) {
      convolution.backwardWeights(
          x,
          scratch,
          layer.gradient(convolutionName + ".weight"),
          null,
          layer.context().accumulate());
    }
    if (gx != null) {
      convolution.backwardData(scratch, gx, add);
    }
  }

  /**
   * With given statistics the normalisation is linear, so its gradient γ/√(σ² + ε) · gy is the
   * normalisation itself with mean and shift 0.
   */
  private void backwardRunning(INDArray gy, INDArray gx) {
    if (relu) {
      layer.kernels().elementwise().leakyReluBackward(lastOutput, gy, 0);
    }
    if (linear == null) {
      linear = layer.kernels().batchNorm(output, false);
    }
    mean.assign(0);
    linear.affine(layer.parameter(normName + ".weight"), mean);
    linear.forwardRunning(gy, gx, mean, layer.parameter(normName + ".running_var"));
  }
}
