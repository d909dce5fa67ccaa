package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.FloatPointer;

/** The gradient of x from that of y. */
final class DnnlDataPass implements DnnlPass {
  private final String implementation;
  private final DnnlActivation gy;
  private final DnnlActivation gx;
  private final DnnlFilter w;
  private final DnnlCall call;

  private DnnlDataPass(
      String implementation, DnnlActivation gy, DnnlActivation gx, DnnlFilter w, DnnlCall call) {
    this.implementation = implementation;
    this.gy = gy;
    this.gx = gx;
    this.w = w;
    this.call = call;
  }

  /** By the primitive of that name; gx is overwritten. */
  static DnnlDataPass backward(DnnlConvolutionForm form) {
    try (var desc = form.backwardData()) {
      DnnlActivation gy = form.gyArgument();
      DnnlActivation gx = form.xArgument();
      DnnlFilter w = DnnlFilter.of(form.context, form.weightDims(), desc.weights_desc());
      DnnlCall call =
          new DnnlCall(form.context, new convolution_backward_data(desc))
              .inScratch(desc.scratchpad_desc())
              .with(DNNL_ARG_DIFF_DST, gy.memory())
              .with(DNNL_ARG_WEIGHTS, w.memory)
              .with(DNNL_ARG_DIFF_SRC, gx.memory());
      return new DnnlDataPass(desc.impl_info_str().getString(), gy, gx, w, call);
    }
  }

  /**
   * As a forward convolution of gy with the transposed filter, for stride 1. It can add to gx, and
   * it has kernels for more shapes: with the padding written out there is no limit on its width.
   */
  static DnnlDataPass transposed(DnnlContext context, ConvolutionShape s, boolean accumulate) {
    if (s.stride() != 1) {
      throw new IllegalArgumentException(
          "Cannot transpose a convolution: expected stride 1, found " + s);
    }
    int padding = s.dilation() * (s.kernel() - 1) - s.padding();
    FeatureShape padded = DnnlPadded.shape(s.output(), padding);
    primitive_attr attributes = DnnlContext.attributes();
    if (accumulate) {
      post_ops sum = new post_ops();
      sum.append_sum();
      attributes.set_post_ops(sum);
    }
    long[] dims = {s.input().channels(), s.outChannels(), s.kernel(), s.kernel()};
    long[] dilation = {s.dilation() - 1, s.dilation() - 1};
    long[] none = {0, 0};
    memory.desc kept = context.blocked(s.input());
    var forward =
        new convolution_forward.desc(
            prop_kind.forward_training,
            algorithm.convolution_direct,
            context.blocked(padded),
            DnnlContext.desc(context.maps, memory.format_tag.any, dims),
            kept,
            new long[] {1, 1},
            dilation,
            none,
            none);
    try (var desc =
        new convolution_forward.primitive_desc(forward, attributes, context.engine, false)) {
      memory.data_type keptType = s.logits() ? memory.data_type.f32 : context.maps;
      DnnlActivation gy =
          padding == 0
              ? new DnnlReordered(
                  context,
                  context.blocked(s.output(), keptType),
                  context.blocked(s.output()),
                  "conv-y",
                  false)
              : new DnnlPadded(context, s.output(), keptType, padding);
      DnnlActivation gx = new DnnlReordered(context, kept, kept, "conv-x", false);
      long[] plain = {s.outChannels(), s.input().channels(), s.kernel(), s.kernel()};
      DnnlFilter w = DnnlFilter.transposed(context, plain, desc.weights_desc());
      DnnlCall call =
          new DnnlCall(context, new convolution_forward(desc))
              .inScratch(desc.scratchpad_desc())
              .with(DNNL_ARG_SRC, gy.memory())
              .with(DNNL_ARG_WEIGHTS, w.memory)
              .with(DNNL_ARG_DST, gx.memory());
      return new DnnlDataPass(desc.impl_info_str().getString(), gy, gx, w, call);
    }
  }

  @Override
  public String implementation() {
    return implementation;
  }

  void run(FloatPointer weights, FloatPointer gradient, FloatPointer out) {
    w.read(weights);
    gy.read(gradient);
    gx.write(out);
    call.run();
    gx.written(out);
  }

  @Override
  public void close() {
    call.close();
    gy.close();
    gx.close();
    w.close();
  }
}
