package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.engine.Tensor;

/** Runtime of {@link PlainConvolution}. */
final class PlainConvolutionLayer extends Layer {
  private final PlainConvolution spec;
  private final Map<FeatureShape, Operators> operators = new HashMap<>();

  PlainConvolutionLayer(LayerSite site, PlainConvolution spec) {
    super(site);
    this.spec = spec;
  }

  private final class Operators {
    final FeatureShape in;
    final FeatureShape map;
    final MaxPool pool;
    final Convolution convolution;
    long version = Long.MIN_VALUE;

    Operators(FeatureShape in) {
      this.in = in;
      this.map = spec.pooled() ? MaxPool.Window.HALVES.output(in) : in;
      this.pool = spec.pooled() ? engine().maxPool(in, MaxPool.Window.HALVES) : null;
      int d = spec.dilation();
      this.convolution =
          engine()
              .convolution(
                  new ConvolutionShape(map, spec.outChannels(), 3, 1, d, d, true, spec.image()));
    }

    FeatureShape out() {
      return map.withChannels(spec.outChannels());
    }
  }

  private Operators operators(Tensor x) {
    return operators.computeIfAbsent(x.shape(), Operators::new);
  }

  @Override
  public Tensor forward(Tensor x, boolean training) {
    Operators o = operators(x);
    if (context().stale(o.version)) {
      o.convolution.weights(site().parameter("weight"), site().parameter("bias"));
      o.version = context().weightsVersion();
    }
    Tensor map = x;
    if (o.pool != null) {
      map = site().own("pooled", o.map);
      o.pool.forward(x, map);
    }
    Tensor y = site().own("output", o.out());
    o.convolution.forward(map, y);
    engine().elementwise().leakyRelu(y, 0);
    return y;
  }

  @Override
  public Tensor backward(Tensor x, Tensor g) {
    Operators o = operators(x);
    engine().elementwise().leakyReluBackward(site().own("output", o.out()), g, 0);
    Tensor map = o.pool == null ? x : site().own("pooled", o.map);
    if (context().weightGradients()) {
      o.convolution.backwardWeights(
          map, g, site().gradient("weight"), site().gradient("bias"), context().accumulate());
    }
    if (spec.image()) {
      return null;
    }
    if (o.pool == null) {
      Tensor gx = context().gradientBuffer(g, o.in);
      o.convolution.backwardData(g, gx, false);
      return gx;
    }
    Tensor pooled = context().map("gradient-pooled", o.map);
    o.convolution.backwardData(g, pooled, false);
    Tensor gx = context().gradientBuffer(g, o.in);
    o.pool.backward(pooled, gx);
    return gx;
  }
}
