package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.FeatureShape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link DilatedHead}. */
final class DilatedHeadLayer extends KernelLayer {
  private static final long serialVersionUID = 1L;
  private final transient DilatedHead head;
  private final transient Map<FeatureShape, Operators> operators = new HashMap<>();

  DilatedHeadLayer(NeuralNetConfiguration conf, DataType dataType, DilatedHead head) {
    super(conf, dataType);
    this.head = head;
  }

  private final class Operators {
    final FeatureShape in;
    final List<Convolution> branches = new ArrayList<>();
    long version = Long.MIN_VALUE;

    Operators(FeatureShape in) {
      this.in = in;
      for (int rate : head.getRates()) {
        branches.add(
            kernels()
                .convolution(
                    new ConvolutionShape(
                        in, head.getClasses(), 3, 1, rate, rate, true, false, true)));
      }
    }

    FeatureShape out() {
      return in.withChannels(head.getClasses());
    }
  }

  private Operators operators(INDArray x) {
    return operators.computeIfAbsent(kernels().shapeOf(x, head.getInChannels()), Operators::new);
  }

  @Override
  INDArray forward(INDArray x, boolean training) {
    Operators o = operators(x);
    INDArray y = ownLogits("logits", o.out());
    if (!training && context().idle(layerConf().getLayerName())) {
      return y;
    }
    boolean stale = context().stale(o.version);
    for (int i = 0; i < o.branches.size(); i++) {
      Convolution branch = o.branches.get(i);
      if (stale) {
        branch.weights(
            parameter(DilatedHead.module(i) + ".weight"),
            parameter(DilatedHead.module(i) + ".bias"));
      }
      if (i == 0) {
        branch.forward(x, y);
      } else {
        INDArray other = context().logits("head-branch", o.out());
        branch.forward(x, other);
        kernels().elementwise().add(y, other);
      }
    }
    o.version = context().weightsVersion();
    return y;
  }

  @Override
  INDArray backward(INDArray x, INDArray g) {
    Operators o = operators(x);
    // Own buffer: the gradient of an auxiliary head waits while later stages back-propagate.
    INDArray gx = own("gradient", o.in);
    if (context().idle(layerConf().getLayerName())) {
      if (context().weightGradients() && !context().accumulate()) {
        getGradientsViewArray().assign(0);
      }
      return gx.assign(0);
    }
    for (int i = 0; i < o.branches.size(); i++) {
      Convolution branch = o.branches.get(i);
      if (context().weightGradients()) {
        branch.backwardWeights(
            x,
            g,
            gradient(DilatedHead.module(i) + ".weight"),
            gradient(DilatedHead.module(i) + ".bias"),
            context().accumulate());
      }
      branch.backwardData(g, gx, i > 0);
    }
    return gx;
  }

  @Override
  public Type type() {
    return Type.CONVOLUTIONAL;
  }
}
