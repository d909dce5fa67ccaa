package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.engine.Tensor;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/** Max-pooling by oneDNN; ceil mode is asymmetric padding. */
final class DnnlMaxPool implements MaxPool {
  private final memory x;
  private final memory y;
  private final DnnlCall forward;
  private final DnnlCall backward;
  private final memory places;

  DnnlMaxPool(DnnlContext context, FeatureShape in, Window window) {
    FeatureShape out = window.output(in);
    memory.desc xd = context.blocked(in);
    memory.desc yd = context.blocked(out);
    long[] kernel = {window.side(), window.side()};
    long[] stride = {2, 2};
    long[] before = {window.padding(), window.padding()};
    long[] after = {window.after(in.height()), window.after(in.width())};
    var forwardDesc =
        new pooling_forward.primitive_desc(
            new pooling_forward.desc(
                prop_kind.forward_training.value,
                algorithm.pooling_max.value,
                xd,
                yd,
                stride,
                kernel,
                before,
                after),
            context.engine,
            false);
    var backwardDesc =
        new pooling_backward.primitive_desc(
            new pooling_backward.desc(
                algorithm.pooling_max.value, xd, yd, stride, kernel, before, after),
            context.engine,
            forwardDesc,
            false);
    this.x = context.unbound(xd);
    this.y = context.unbound(yd);
    this.places = new memory(forwardDesc.workspace_desc(), context.engine);
    this.forward =
        new DnnlCall(context, new pooling_forward(forwardDesc))
            .with(DNNL_ARG_SRC, x)
            .with(DNNL_ARG_DST, y)
            .with(DNNL_ARG_WORKSPACE, places);
    this.backward =
        new DnnlCall(context, new pooling_backward(backwardDesc))
            .with(DNNL_ARG_DIFF_DST, y)
            .with(DNNL_ARG_DIFF_SRC, x)
            .with(DNNL_ARG_WORKSPACE, places);
  }

  @Override
  public void forward(Tensor in, Tensor out) {
    DnnlContext.bind(x, in);
    DnnlContext.bind(y, out);
    forward.run();
  }

  @Override
  public void backward(Tensor gradient, Tensor out) {
    DnnlContext.bind(y, gradient);
    DnnlContext.bind(x, out);
    backward.run();
  }

  @Override
  public void close() {
    forward.close();
    backward.close();
    places.close();
  }
}
