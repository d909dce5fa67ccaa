package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** The gradients of weights and bias. */
final class DnnlWeightsPass implements DnnlPass {
  private final DnnlContext context;
  private final String implementation;
  private final DnnlActivation x;
  private final DnnlActivation gy;
  private final memory gw;
  private final memory gb;
  private final long bytes;
  private final int outChannels;
  private final DnnlReorder set;
  private final DnnlReorder add;
  private final DnnlCall call;

  DnnlWeightsPass(DnnlConvolutionForm form) {
    this.context = form.context;
    this.outChannels = form.shape.outChannels();
    try (var desc = form.backwardWeights()) {
      this.implementation = desc.impl_info_str().getString();
      this.x = form.xArgument();
      this.gy = form.gyArgument();
      memory.desc blocked = desc.diff_weights_desc();
      memory.desc plain = DnnlContext.desc(memory.format_tag.oihw, form.weightDims());
      this.gw = context.unbound(blocked);
      this.gb = form.shape.bias() ? context.unbound(form.bias()) : null;
      this.bytes = blocked.get_size();
      this.set = new DnnlReorder(context, blocked, plain, false);
      this.add = new DnnlReorder(context, blocked, plain, true);
      this.call =
          new DnnlCall(context, new convolution_backward_weights(desc))
              .inScratch(desc.scratchpad_desc())
              .with(DNNL_ARG_SRC, x.memory())
              .with(DNNL_ARG_DIFF_DST, gy.memory())
              .with(DNNL_ARG_DIFF_WEIGHTS, gw);
    }
    if (gb != null) {
      call.with(DNNL_ARG_DIFF_BIAS, gb);
    }
  }

  @Override
  public String implementation() {
    return implementation;
  }

  void run(
      FloatPointer in,
      FloatPointer gradient,
      FloatPointer gradW,
      FloatPointer gradB,
      boolean accumulate) {
    x.read(in);
    gy.read(gradient);
    FloatPointer blocked = context.scratch("conv-gw", bytes);
    gw.set_data_handle(blocked);
    FloatPointer b = gb == null ? null : context.scratch("conv-gb", 4L * outChannels);
    if (b != null) {
      gb.set_data_handle(b);
    }
    call.run();
    (accumulate ? add : set).run(blocked, gradW);
    if (b != null) {
      for (int o = 0; o < outChannels; o++) {
        gradB.put(o, b.get(o) + (accumulate ? gradB.get(o) : 0f));
      }
    }
  }

  @Override
  public void close() {
    call.close();
    set.close();
    add.close();
    x.close();
    gy.close();
    gw.close();
    if (gb != null) {
      gb.close();
    }
  }
}
