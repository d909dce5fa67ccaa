package org.adaptseg.nn.layers;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.MaxPool;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link Stem}. The image's gradient is never computed. */
final class StemLayer extends KernelLayer {
  private static final long serialVersionUID = 1L;
  private final transient Stem stem;
  private final transient Map<FeatureShape, Operators> operators = new HashMap<>();

  StemLayer(NeuralNetConfiguration conf, DataType dataType, Stem stem) {
    super(conf, dataType);
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
              StemLayer.this,
              "conv1",
              "bn1",
              new ConvolutionShape(image, stem.getOutChannels(), 7, 2, 3, 1, false, true),
              true);
      map = convolution.output();
      pool = kernels().maxPool(map);
      out = MaxPool.output(map);
    }
  }

  private Operators operators(INDArray image) {
    FeatureShape shape =
        new FeatureShape(
            (int) image.size(0), stem.getInChannels(), (int) image.size(2), (int) image.size(3));
    return operators.computeIfAbsent(shape, Operators::new);
  }

  @Override
  INDArray forward(INDArray image, boolean training) {
    Operators o = operators(image);
    if (context().stale(o.version)) {
      o.convolution.readWeights();
      o.version = context().weightsVersion();
    }
    INDArray normalized = context().buffer("normalized", o.map);
    INDArray pooled = own("pooled", o.out);
    if (training) {
      o.convolution.forward(image, normalized);
    } else {
      o.convolution.infer(image, normalized, false, true);
    }
    o.pool.forward(normalized, pooled);
    return pooled;
  }

  @Override
  INDArray backward(INDArray image, INDArray g) {
    Operators o = operators(image);
    INDArray gradient = context().gradientBuffer(g, o.map);
    o.pool.backward(g, gradient);
    o.convolution.backward(image, gradient, gradient, null, false);
    return null;
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }
}
