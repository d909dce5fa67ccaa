package org.adaptseg.nn.layers;

import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.InferenceConvolution;
import org.adaptseg.engine.Tensor;

/**
 * Convolution without bias, batch normalisation with frozen affine, and maybe ReLU, for one shape.
 */
final class NormalizedConvolution {
  /** PyTorch's momentum of running statistics. */
  private static final double MOMENTUM = 0.1;

  private final LayerSite site;
  private final String convolutionName;
  private final String normName;
  private Convolution convolution; // made by the first training forward
  private BatchNorm norm; // likewise
  private final ConvolutionShape shape;
  private final FeatureShape output;
  private final boolean relu;
  private Tensor lastOutput;
  private boolean lastRunning;
  private InferenceConvolution inference;
  private long folded = Long.MIN_VALUE;

  NormalizedConvolution(
      LayerSite site, String convolution, String norm, ConvolutionShape shape, boolean relu) {
    this.site = site;
    this.convolutionName = convolution;
    this.normName = norm;
    this.shape = shape;
    this.output = shape.output();
    this.relu = relu;
  }

  FeatureShape output() {
    return output;
  }

  /** Before a training forward; a network that only infers makes no operators for training. */
  void readWeights() {
    if (convolution == null) {
      convolution = site.context().engine().convolution(shape);
      norm = site.context().engine().batchNorm(output, relu);
    }
    convolution.weights(site.parameter(convolutionName + ".weight"), null);
    norm.parameters(site.normalization(normName));
  }

  private Tensor convolved() {
    return site.own(convolutionName, output);
  }

  /** Into {@code y}; keeps what backward needs, which y itself is not. */
  void forward(Tensor x, Tensor y) {
    Tensor convolved = convolved();
    convolution.forward(x, convolved);
    LayerContext.Statistics statistics = site.context().statistics();
    lastOutput = y;
    lastRunning = statistics == LayerContext.Statistics.RUNNING;
    if (lastRunning) {
      norm.forwardRunning(convolved, y);
    } else {
      norm.forwardBatch(convolved, y);
      if (statistics == LayerContext.Statistics.MOVING) {
        norm.moveRunning(MOMENTUM);
        folded = Long.MIN_VALUE;
      } else if (statistics == LayerContext.Statistics.REPLACING) {
        norm.replaceRunning();
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
  void infer(Tensor x, Tensor y, boolean add, boolean after) {
    if (inference == null) {
      inference = site.context().engine().inference(shape, add, after);
    }
    if (site.context().stale(folded)) {
      inference.weights(site.parameter(convolutionName + ".weight"), site.normalization(normName));
      folded = site.context().weightsVersion();
    }
    inference.run(x, y);
  }

  /** The y of the last training forward, computed once more. */
  void forwardAgain(Tensor y) {
    lastOutput = y;
    if (lastRunning) {
      norm.forwardRunning(convolved(), y);
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
  void backward(Tensor x, Tensor gy, Tensor scratch, Tensor gx, boolean add) {
    if (lastRunning) {
      if (relu) {
        site.context().engine().elementwise().leakyReluBackward(lastOutput, gy, 0);
      }
      norm.backwardRunning(gy, scratch);
    } else {
      norm.backward(convolved(), gy, scratch);
    }
    if (site.context().weightGradients()) {
      convolution.backwardWeights(
          x,
          scratch,
          site.gradient(convolutionName + ".weight"),
          null,
          site.context().accumulate());
    }
    if (gx != null) {
      convolution.backwardData(scratch, gx, add);
    }
  }
}
