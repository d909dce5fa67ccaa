package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Elementwise;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;

/** Runtime of {@link BasicBlock}. */
final class BasicBlockLayer extends Layer {
  private final BasicBlock block;
  private final Map<FeatureShape, Operators> operators = new HashMap<>();

  BasicBlockLayer(LayerSite site, BasicBlock block) {
    super(site);
    this.block = block;
  }

  private final class Operators {
    final FeatureShape in;
    final NormalizedConvolution first;
    final NormalizedConvolution second;
    final NormalizedConvolution projection;
    long version = Long.MIN_VALUE;

    Operators(FeatureShape in) {
      this.in = in;
      int planes = block.planes();
      int stride = block.stride();
      int dilation = block.dilation();
      first =
          new NormalizedConvolution(
              site(),
              "conv1",
              "bn1",
              new ConvolutionShape(in, planes, 3, stride, dilation, dilation, false, false),
              true);
      second =
          new NormalizedConvolution(
              site(),
              "conv2",
              "bn2",
              new ConvolutionShape(first.output(), planes, 3, 1, dilation, dilation, false, false),
              false);
      projection =
          block.projection()
              ? new NormalizedConvolution(
                  site(),
                  "downsample.0",
                  "downsample.1",
                  new ConvolutionShape(in, planes, 1, stride, 0, 1, false, false),
                  false)
              : null;
    }

    void readWeights() {
      first.readWeights();
      second.readWeights();
      if (projection != null) {
        projection.readWeights();
      }
    }
  }

  private Operators operators(Tensor x) {
    return operators.computeIfAbsent(x.shape(), Operators::new);
  }

  private Tensor between(Operators o) {
    return context().map("spatial", o.first.output());
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
    Tensor between = between(o);
    Tensor y = site().own("sum", o.second.output());
    o.first.forward(x, between);
    o.second.forward(between, y);
    Elementwise elementwise = engine().elementwise();
    if (o.projection == null) {
      elementwise.addRelu(y, x);
    } else {
      Tensor shortcut = context().map("shortcut", o.second.output());
      o.projection.forward(x, shortcut);
      elementwise.addRelu(y, shortcut);
    }
    return y;
  }

  /** As in a bottleneck: an identity block writes over its input where nobody else reads it. */
  private Tensor infer(Operators o, Tensor x) {
    Tensor between = between(o);
    o.first.infer(x, between, false, true);
    Tensor y = x;
    if (o.projection != null) {
      y = site().own("sum", o.second.output());
      o.projection.infer(x, y, false, false);
    } else if (!context().isBuffer(x)) {
      y = site().own("sum", o.second.output());
      engine().elementwise().copy(x, y);
    }
    o.second.infer(between, y, true, true);
    return y;
  }

  @Override
  public Tensor backward(Tensor x, Tensor g) {
    Operators o = operators(x);
    engine().elementwise().leakyReluBackward(site().own("sum", o.second.output()), g, 0);
    Tensor wide = context().map("gradient-wide", o.second.output());
    Tensor narrow = context().map("gradient-narrow-1", o.first.output());
    // What stands between the convolutions is cheaper to compute again than to keep.
    Tensor between = between(o);
    o.first.forwardAgain(between);
    o.second.backward(between, g, wide, narrow, false);
    Tensor gx = g; // an identity's gradient is there already
    if (o.projection != null) {
      gx = context().gradientBuffer(g, o.in);
      o.projection.backward(x, g, wide, gx, false);
    }
    o.first.backward(x, narrow, narrow, gx, true);
    return gx;
  }
}
