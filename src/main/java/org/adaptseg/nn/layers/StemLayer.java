package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.engine.Tensor;

/** Runtime of {@link Stem}. The image's gradient is never computed. */
final class StemLayer extends Layer {
  private final Stem stem;
  private final Map<FeatureShape, Operators> operators = new HashMap<>();

  StemLayer(LayerSite site, Stem stem) {
    super(site);
    this.stem = stem;
  }

  private final class Operators {
    final NormalizedConvolution convolution;
    final MaxPool pool;
    final FeatureShape map;
    final FeatureShape out;
    long version = Long.MIN_VALUE;

    Operators(FeatureShape image) {
      convolution =
          new NormalizedConvolution(
              site(),
              "conv1",
              "bn1",
              new ConvolutionShape(image, stem.outChannels(), 7, 2, 3, 1, false, true),
              true);
      map = convolution.output();
      pool = engine().maxPool(map);
      out = MaxPool.output(map);
    }
  }

  private Operators operators(Tensor image) {
    return operators.computeIfAbsent(image.shape(), Operators::new);
  }

  @Override
  public Tensor forward(Tensor image, boolean training) {
    Operators o = operators(image);
    if (context().stale(o.version)) {
      o.convolution.readWeights();
      o.version = context().weightsVersion();
    }
    Tensor normalized = context().map("normalized", o.map);
    Tensor pooled = site().own("pooled", o.out);
    if (training) {
      o.convolution.forward(image, normalized);
    } else {
      o.convolution.infer(image, normalized, false, true);
    }
    o.pool.forward(normalized, pooled);
    return pooled;
  }

  @Override
  public Tensor backward(Tensor image, Tensor g) {
    Operators o = operators(image);
    Tensor gradient = context().gradientBuffer(g, o.map);
    o.pool.backward(g, gradient);
    o.convolution.backward(image, gradient, gradient, null, false);
    return null;
  }
}
