package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.FeatureShape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link LeakyConvolution}. */
final class LeakyConvolutionLayer extends KernelLayer {
  private static final long serialVersionUID = 1L;
  private final transient LeakyConvolution spec;
  private final transient Map<FeatureShape, Operator> operators = new HashMap<>();

  LeakyConvolutionLayer(NeuralNetConfiguration conf, DataType dataType, LeakyConvolution spec) {
    super(conf, dataType);
    this.spec = spec;
  }

  private static final class Operator {
    final Convolution convolution;
    long version = Long.MIN_VALUE;

    Operator(Convolution convolution) {
      this.convolution = convolution;
    }
  }

  private Operator operator(INDArray x) {
    return operators.computeIfAbsent(
        kernels().shapeOf(x, spec.getInChannels()),
        in ->
            new Operator(
                kernels()
                    .convolution(
                        new ConvolutionShape(
                            in,
                            spec.getOutChannels(),
                            4,
                            2,
                            1,
                            1,
                            true,
                            false,
                            !spec.isActivated()))));
  }

  @Override
  INDArray forward(INDArray x, boolean training) {
    Operator o = operator(x);
    if (context().stale(o.version)) {
      o.convolution.weights(parameter("weight"), parameter("bias"));
      o.version = context().weightsVersion();
    }
    FeatureShape out = o.convolution.shape().output();
    INDArray y = spec.isActivated() ? own("output", out) : ownLogits("output", out);
    o.convolution.forward(x, y);
    if (spec.isActivated()) {
      kernels().elementwise().leakyRelu(y, LeakyConvolution.SLOPE);
    }
    return y;
  }

  @Override
  INDArray backward(INDArray x, INDArray g) {
    Operator o = operator(x);
    if (spec.isActivated()) {
      INDArray y = own("output", o.convolution.shape().output());
      kernels().elementwise().leakyReluBackward(y, g, LeakyConvolution.SLOPE);
    }
    if (context().weightGradients()) {
      o.convolution.backwardWeights(
          x, g, gradient("weight"), gradient("bias"), context().accumulate());
    }
    if (spec.isFirst() && !context().inputGradients()) {
      return null;
    }
    INDArray gx = context().gradientBuffer(g, o.convolution.shape().input());
    o.convolution.backwardData(g, gx, false);
    return gx;
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }
}
