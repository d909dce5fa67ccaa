package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.config.StrideOn;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Elementwise;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;

/** Runtime of {@link ResidualBlock}. */
final class ResidualBlockLayer extends Layer {
  private final ResidualBlock block;
  private final Map<FeatureShape, Operators> operators = new HashMap<>();

  ResidualBlockLayer(LayerSite site, ResidualBlock block) {
    super(site);
    this.block = block;
  }

  private final class Operators {
    final FeatureShape in;
    final NormalizedConvolution reduce;
    final NormalizedConvolution spatial;
    final NormalizedConvolution expand;
    final NormalizedConvolution projection;
    long version = Long.MIN_VALUE;

    Operators(FeatureShape in) {
      this.in = in;
      int planes = block.planes();
      int out = planes * ResidualBlock.EXPANSION;
      int dilation = block.dilation();
      boolean first = block.strideOn() == StrideOn.REDUCTION;
      int reduceStride = first ? block.stride() : 1;
      int spatialStride = first ? 1 : block.stride();
      reduce =
          make(
              "conv1",
              "bn1",
              new ConvolutionShape(in, planes, 1, reduceStride, 0, 1, false, false),
              true);
      spatial =
          make(
              "conv2",
              "bn2",
              new ConvolutionShape(
                  reduce.output(), planes, 3, spatialStride, dilation, dilation, false, false),
              true);
      expand =
          make(
              "conv3",
              "bn3",
              new ConvolutionShape(spatial.output(), out, 1, 1, 0, 1, false, false),
              false);
      projection =
          block.projection()
              ? make(
                  "downsample.0",
                  "downsample.1",
                  new ConvolutionShape(in, out, 1, block.stride(), 0, 1, false, false),
                  false)
              : null;
    }

    private NormalizedConvolution make(
        String convolution, String norm, ConvolutionShape shape, boolean relu) {
      return new NormalizedConvolution(site(), convolution, norm, shape, relu);
    }

    void readWeights() {
      reduce.readWeights();
      spatial.readWeights();
      expand.readWeights();
      if (projection != null) {
        projection.readWeights();
      }
    }
  }

  private Operators operators(Tensor x) {
    return operators.computeIfAbsent(x.shape(), Operators::new);
  }

  @Override
  public Tensor forward(Tensor x, boolean training) {
    Operators o = operators(x);
    if (!training) {
      return infer(o, x);
    }
    if (context().stale(o.version)) {
      o.readWeights();
      o.version = context().weightsVersion();
    }
    Tensor reduced = context().map("reduced", o.reduce.output());
    Tensor spatial = context().map("spatial", o.spatial.output());
    Tensor y = site().own("sum", o.expand.output());
    o.reduce.forward(x, reduced);
    o.spatial.forward(reduced, spatial);
    o.expand.forward(spatial, y);
    Elementwise elementwise = engine().elementwise();
    if (o.projection == null) {
      elementwise.addRelu(y, x);
    } else {
      Tensor shortcut = context().map("shortcut", o.expand.output());
      o.projection.forward(x, shortcut);
      elementwise.addRelu(y, shortcut);
    }
    return y;
  }

  /**
   * At evaluation nothing is kept. An identity block writes over its input where that is a buffer
   * of this network: only a stage's last map has further readers, and the next stage projects.
   */
  private Tensor infer(Operators o, Tensor x) {
    Tensor reduced = context().map("reduced", o.reduce.output());
    Tensor spatial = context().map("spatial", o.spatial.output());
    o.reduce.infer(x, reduced, false, true);
    o.spatial.infer(reduced, spatial, false, true);
    Tensor y = x;
    if (o.projection != null) {
      y = site().own("sum", o.expand.output());
      o.projection.infer(x, y, false, false);
    } else if (!context().isBuffer(x)) {
      y = site().own("sum", o.expand.output());
      engine().elementwise().copy(x, y);
    }
    o.expand.infer(spatial, y, true, true);
    return y;
  }

  @Override
  public Tensor backward(Tensor x, Tensor g) {
    Operators o = operators(x);
    engine().elementwise().leakyReluBackward(site().own("sum", o.expand.output()), g, 0);

    Tensor wide = context().map("gradient-wide", o.expand.output());
    Tensor narrow = context().map("gradient-narrow-1", o.spatial.output());
    Tensor narrower = context().map("gradient-narrow-2", o.reduce.output());
    // What stands between the convolutions is cheaper to compute again than to keep.
    Tensor spatial = context().map("spatial", o.spatial.output());
    o.spatial.forwardAgain(spatial);
    o.expand.backward(spatial, g, wide, narrow, false);
    Tensor reduced = context().map("reduced", o.reduce.output());
    o.reduce.forwardAgain(reduced);
    o.spatial.backward(reduced, narrow, narrow, narrower, false);
    Tensor gx = g; // an identity's gradient is there already
    if (o.projection != null) {
      gx = context().gradientBuffer(g, o.in);
      o.projection.backward(x, g, wide, gx, false);
    }
    o.reduce.backward(x, narrower, narrower, gx, true);
    return gx;
  }
}
