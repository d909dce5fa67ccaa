package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** y = w * x + b. */
final class DnnlForwardPass implements DnnlPass {
  private final String implementation;
  private final DnnlActivation x;
  private final DnnlActivation y;
  private final DnnlFilter w;
  private final memory b;
  private final DnnlCall call;

  DnnlForwardPass(DnnlConvolutionForm form) {
    try (var desc = form.forward(prop_kind.forward_training, DnnlContext.attributes())) {
      this.implementation = desc.impl_info_str().getString();
      this.x = form.xArgument();
      this.y = form.yArgument();
      this.w = DnnlFilter.of(form.context, form.weightDims(), desc.weights_desc());
      this.b = form.shape.bias() ? form.context.unbound(form.bias()) : null;
      this.call =
          new DnnlCall(form.context, new convolution_forward(desc))
              .inScratch(desc.scratchpad_desc())
              .with(DNNL_ARG_SRC, x.memory())
              .with(DNNL_ARG_WEIGHTS, w.memory)
              .with(DNNL_ARG_DST, y.memory());
    }
    if (b != null) {
      call.with(DNNL_ARG_BIAS, b);
    }
  }

  @Override
  public String implementation() {
    return implementation;
  }

  void run(FloatPointer weights, FloatPointer bias, FloatPointer in, FloatPointer out) {
    w.read(weights);
    if (b != null) {
      b.set_data_handle(bias);
    }
    x.read(in);
    y.write(out);
    call.run();
    y.written(out);
  }

  @Override
  public void close() {
    call.close();
    x.close();
    y.close();
    w.close();
    if (b != null) {
      b.close();
    }
  }
}
