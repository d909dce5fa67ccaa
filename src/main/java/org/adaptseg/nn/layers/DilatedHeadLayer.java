package org.adaptseg.nn.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;

/** Runtime of {@link DilatedHead}. */
final class DilatedHeadLayer extends Layer {
  private final DilatedHead head;
  private final Map<FeatureShape, Operators> operators = new HashMap<>();

  DilatedHeadLayer(LayerSite site, DilatedHead head) {
    super(site);
    this.head = head;
  }

  private final class Operators {
    final FeatureShape in;
    final List<Convolution> branches = new ArrayList<>();
    long version = Long.MIN_VALUE;

    Operators(FeatureShape in) {
      this.in = in;
      for (int rate : head.rates()) {
        branches.add(
            engine()
                .convolution(
                    new ConvolutionShape(in, head.classes(), 3, 1, rate, rate, true, false, true)));
      }
    }

    FeatureShape out() {
      return in.withChannels(head.classes());
    }
  }

  private Operators operators(Tensor x) {
    return operators.computeIfAbsent(x.shape(), Operators::new);
  }

  @Override
  public Tensor forward(Tensor x, boolean training) {
    Operators o = operators(x);
    Tensor y = site().ownLogits("logits", o.out());
    if (!training && context().idle(site().name())) {
      return y;
    }
    boolean stale = context().stale(o.version);
    for (int i = 0; i < o.branches.size(); i++) {
      Convolution branch = o.branches.get(i);
      if (stale) {
        branch.weights(
            site().parameter(DilatedHead.module(i) + ".weight"),
            site().parameter(DilatedHead.module(i) + ".bias"));
      }
      if (i == 0) {
        branch.forward(x, y);
      } else {
        Tensor other = context().logits("head-branch", o.out());
        branch.forward(x, other);
        engine().elementwise().add(y, other);
      }
    }
    o.version = context().weightsVersion();
    return y;
  }

  @Override
  public Tensor backward(Tensor x, Tensor g) {
    Operators o = operators(x);
    // Own buffer: the gradient of an auxiliary head waits while later stages back-propagate.
    Tensor gx = site().own("gradient", o.in);
    if (context().idle(site().name())) {
      if (context().weightGradients() && !context().accumulate()) {
        site().gradients().fill(0);
      }
      engine().elementwise().clear(gx);
      return gx;
    }
    for (int i = 0; i < o.branches.size(); i++) {
      Convolution branch = o.branches.get(i);
      if (context().weightGradients()) {
        branch.backwardWeights(
            x,
            g,
            site().gradient(DilatedHead.module(i) + ".weight"),
            site().gradient(DilatedHead.module(i) + ".bias"),
            context().accumulate());
      }
      branch.backwardData(g, gx, i > 0);
    }
    return gx;
  }
}
