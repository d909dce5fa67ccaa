package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.config.StrideOn;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.Elementwise;
import org.adaptseg.nn.kernels.FeatureShape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link ResidualBlock}. */
final class ResidualBlockLayer extends KernelLayer {
  private static final long serialVersionUID = 1L;
  private final transient ResidualBlock block;
  private final transient Map<FeatureShape, Operators> operators = new HashMap<>();

  ResidualBlockLayer(NeuralNetConfiguration conf, DataType dataType, ResidualBlock block) {
    super(conf, dataType);
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
      int planes = block.getPlanes();
      int out = planes * ResidualBlock.EXPANSION;
      int dilation = block.getDilation();
      boolean first = block.getStrideOn() == StrideOn.REDUCTION;
      int reduceStride = first ? block.getStride() : 1;
      int spatialStride = first ? 1 : block.getStride();
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
          block.isProjection()
              ? make(
                  "downsample.0",
                  "downsample.1",
                  new ConvolutionShape(in, out, 1, block.getStride(), 0, 1, false, false),
                  false)
              : null;
    }

    private NormalizedConvolution make(
        String convolution, String norm, ConvolutionShape shape, boolean relu) {
      return new NormalizedConvolution(ResidualBlockLayer.this, convolution, norm, shape, relu);
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

  private Operators operators(INDArray x) {
    return operators.computeIfAbsent(kernels().shapeOf(x, block.getInChannels()), Operators::new);
  }

  @Override
  INDArray forward(INDArray x, boolean training) {
    Operators o = operators(x);
    if (!training) {
      return infer(o, x);
    }
    if (context().stale(o.version)) {
      o.readWeights();
      o.version = context().weightsVersion();
    }
    INDArray reduced = context().buffer("reduced", o.reduce.output());
    INDArray spatial = context().buffer("spatial", o.spatial.output());
    INDArray y = own("sum", o.expand.output());
    o.reduce.forward(x, reduced);
    o.spatial.forward(reduced, spatial);
    o.expand.forward(spatial, y);
    Elementwise elementwise = kernels().elementwise();
    if (o.projection == null) {
      elementwise.addRelu(y, x);
    } else {
      INDArray shortcut = context().buffer("shortcut", o.expand.output());
      o.projection.forward(x, shortcut);
      elementwise.addRelu(y, shortcut);
    }
    return y;
  }

  /**
   * At evaluation nothing is kept. An identity block writes over its input where that is a buffer
   * of this network: only a stage's last map has further readers, and the next stage projects.
   */
  private INDArray infer(Operators o, INDArray x) {
    INDArray reduced = context().buffer("reduced", o.reduce.output());
    INDArray spatial = context().buffer("spatial", o.spatial.output());
    o.reduce.infer(x, reduced, false, true);
    o.spatial.infer(reduced, spatial, false, true);
    INDArray y = x;
    if (o.projection != null) {
      y = own("sum", o.expand.output());
      o.projection.infer(x, y, false, false);
    } else if (!context().isBuffer(x)) {
      y = own("sum", o.expand.output()).assign(x);
    }
    o.expand.infer(spatial, y, true, true);
    return y;
  }

  @Override
  INDArray backward(INDArray x, INDArray g) {
    Operators o = operators(x);
    kernels().elementwise().leakyReluBackward(own("sum", o.expand.output()), g, 0);

    INDArray wide = context().buffer("gradient-wide", o.expand.output());
    INDArray narrow = context().buffer("gradient-narrow-1", o.spatial.output());
    INDArray narrower = context().buffer("gradient-narrow-2", o.reduce.output());
    // What stands between the convolutions is cheaper to compute again than to keep.
    INDArray spatial = context().buffer("spatial", o.spatial.output());
    o.spatial.forwardAgain(spatial);
    o.expand.backward(spatial, g, wide, narrow, false);
    INDArray reduced = context().buffer("reduced", o.reduce.output());
    o.reduce.forwardAgain(reduced);
    o.spatial.backward(reduced, narrow, narrow, narrower, false);
    INDArray gx = g; // an identity's gradient is there already
    if (o.projection != null) {
      gx = context().gradientBuffer(g, o.in);
      o.projection.backward(x, g, wide, gx, false);
    }
    o.reduce.backward(x, narrower, narrower, gx, true);
    return gx;
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }
}
