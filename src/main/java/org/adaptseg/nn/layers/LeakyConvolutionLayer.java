package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;

/** Runtime of {@link LeakyConvolution}. */
final class LeakyConvolutionLayer extends Layer {
  private final LeakyConvolution spec;
  private final Map<FeatureShape, Operator> operators = new HashMap<>();

  LeakyConvolutionLayer(LayerSite site, LeakyConvolution spec) {
    super(site);
    this.spec = spec;
  }

  private static final class Operator {
    final Convolution convolution;
    long version = Long.MIN_VALUE;

    Operator(Convolution convolution) {
      this.convolution = convolution;
    }
  }

  private Operator operator(Tensor x) {
    return operators.computeIfAbsent(
        x.shape(),
        in ->
            new Operator(
                engine()
                    .convolution(
                        new ConvolutionShape(
                            in, spec.outChannels(), 4, 2, 1, 1, true, false, !spec.activated()))));
  }

  @Override
  public Tensor forward(Tensor x, boolean training) {
    Operator o = operator(x);
    if (context().stale(o.version)) {
      o.convolution.weights(site().parameter("weight"), site().parameter("bias"));
      o.version = context().weightsVersion();
    }
    FeatureShape out = o.convolution.shape().output();
    Tensor y = spec.activated() ? site().own("output", out) : site().ownLogits("output", out);
    o.convolution.forward(x, y);
    if (spec.activated()) {
      engine().elementwise().leakyRelu(y, LeakyConvolution.SLOPE);
    }
    return y;
  }

  @Override
  public Tensor backward(Tensor x, Tensor g) {
    Operator o = operator(x);
    if (spec.activated()) {
      Tensor y = site().own("output", o.convolution.shape().output());
      engine().elementwise().leakyReluBackward(y, g, LeakyConvolution.SLOPE);
    }
    if (context().weightGradients()) {
      o.convolution.backwardWeights(
          x, g, site().gradient("weight"), site().gradient("bias"), context().accumulate());
    }
    if (spec.first() && !context().inputGradients()) {
      return null;
    }
    Tensor gx = context().gradientBuffer(g, o.convolution.shape().input());
    o.convolution.backwardData(g, gx, false);
    return gx;
  }
}
