package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.MaxPool;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link PlainConvolution}. */
final class PlainConvolutionLayer extends KernelLayer {
  private static final long serialVersionUID = 1L;
  private final transient PlainConvolution spec;
  private final transient Map<FeatureShape, Operators> operators = new HashMap<>();

  PlainConvolutionLayer(NeuralNetConfiguration conf, DataType dataType, PlainConvolution spec) {
    super(conf, dataType);
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
      this.map = spec.isPooled() ? MaxPool.Window.HALVES.output(in) : in;
      this.pool = spec.isPooled() ? kernels().maxPool(in, MaxPool.Window.HALVES) : null;
      int d = spec.getDilation();
      this.convolution =
          kernels()
              .convolution(
                  new ConvolutionShape(
                      map, spec.getOutChannels(), 3, 1, d, d, true, spec.isImage()));
    }

    FeatureShape out() {
      return map.withChannels(spec.getOutChannels());
    }
  }

  private Operators operators(INDArray x) {
    FeatureShape shape =
        spec.isImage()
            ? new FeatureShape(
                (int) x.size(0), spec.getInChannels(), (int) x.size(2), (int) x.size(3))
            : kernels().shapeOf(x, spec.getInChannels());
    return operators.computeIfAbsent(shape, Operators::new);
  }

  @Override
  INDArray forward(INDArray x, boolean training) {
    Operators o = operators(x);
    if (context().stale(o.version)) {
      o.convolution.weights(parameter("weight"), parameter("bias"));
      o.version = context().weightsVersion();
    }
    INDArray map = x;
    if (o.pool != null) {
      map = own("pooled", o.map);
      o.pool.forward(x, map);
    }
    INDArray y = own("output", o.out());
    o.convolution.forward(map, y);
    kernels().elementwise().leakyRelu(y, 0);
    return y;
  }

  @Override
  INDArray backward(INDArray x, INDArray g) {
    Operators o = operators(x);
    kernels().elementwise().leakyReluBackward(own("output", o.out()), g, 0);
    INDArray map = o.pool == null ? x : own("pooled", o.map);
    if (context().weightGradients()) {
      o.convolution.backwardWeights(
          map, g, gradient("weight"), gradient("bias"), context().accumulate());
    }
    if (spec.isImage()) {
      return null;
    }
    if (o.pool == null) {
      INDArray gx = context().gradientBuffer(g, o.in);
      o.convolution.backwardData(g, gx, false);
      return gx;
    }
    INDArray pooled = context().buffer("gradient-pooled", o.map);
    o.convolution.backwardData(g, pooled, false);
    INDArray gx = context().gradientBuffer(g, o.in);
    o.pool.backward(pooled, gx);
    return gx;
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }
}
