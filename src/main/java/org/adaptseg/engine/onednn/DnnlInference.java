package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.InferenceConvolution;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.FloatPointer;

/** One oneDNN primitive: sum and ReLU are its post-operations, weights stay in its layout. */
final class DnnlInference implements InferenceConvolution {
  private final Pass pass;

  /**
   * @param add whether y is added to
   * @param relu whether ReLU follows
   */
  DnnlInference(DnnlContext context, ConvolutionShape shape, boolean add, boolean relu) {
    ConvolutionShape biased =
        new ConvolutionShape(
            shape.input(),
            shape.outChannels(),
            shape.kernel(),
            shape.stride(),
            shape.padding(),
            shape.dilation(),
            true,
            shape.image(),
            shape.logits());
    List<Supplier<Pass>> ways = new ArrayList<>();
    for (DnnlConvolutionForm form : DnnlConvolutionForm.of(context, biased)) {
      if (!add || form.keepsArrangement()) {
        ways.add(() -> new Pass(form, add, relu));
      }
    }
    for (DnnlConvolutionForm form : DnnlConvolutionForm.further(context, biased)) {
      ways.add(() -> new Pass(form, add, relu));
    }
    this.pass = DnnlPass.choose(biased, ways);
  }

  private static primitive_attr attributes(boolean add, boolean relu) {
    post_ops then = new post_ops();
    if (add) {
      then.append_sum();
    }
    if (relu) {
      then.append_eltwise(1f, algorithm.eltwise_relu, 0f, 0f);
    }
    primitive_attr attributes = DnnlContext.attributes();
    attributes.set_post_ops(then);
    return attributes;
  }

  private static final class Pass implements DnnlPass {
    private final DnnlContext context;
    private final long[] dims;
    private final boolean add;
    private final String implementation;
    private final DnnlActivation x;
    private final DnnlActivation y;
    private final memory w;
    private final FloatPointer bias;
    private final memory b;
    private final DnnlReorder reorder;
    private final DnnlCall call;

    Pass(DnnlConvolutionForm form, boolean add, boolean relu) {
      this.context = form.context;
      this.dims = form.weightDims();
      this.add = add;
      try (var desc = form.forward(prop_kind.forward_inference, attributes(add, relu))) {
        this.implementation = desc.impl_info_str().getString();
        this.x = form.xArgument();
        this.y = form.yArgument();
        this.w = new memory(desc.weights_desc(), context.engine);
        this.bias = new FloatPointer(dims[0]);
        this.b = new memory(form.bias(), context.engine, bias);
        this.reorder =
            new DnnlReorder(
                context,
                DnnlContext.desc(memory.format_tag.oihw, dims),
                desc.weights_desc(),
                false);
        this.call =
            new DnnlCall(context, new convolution_forward(desc))
                .inScratch(desc.scratchpad_desc())
                .with(DNNL_ARG_SRC, x.memory())
                .with(DNNL_ARG_WEIGHTS, w)
                .with(DNNL_ARG_BIAS, b)
                .with(DNNL_ARG_DST, y.memory());
      }
    }

    @Override
    public String implementation() {
      return implementation;
    }

    void weights(FloatPointer plain, float[] scale, float[] shift) {
      int filter = (int) (dims[1] * dims[2] * dims[3]);
      float[] values = new float[filter];
      FloatPointer scaled = context.scratch("conv-scaled", 4L * filter * dims[0]);
      for (int o = 0; o < dims[0]; o++) {
        long at = (long) o * filter;
        plain.getPointer(at).get(values);
        for (int i = 0; i < filter; i++) {
          values[i] *= scale[o];
        }
        scaled.getPointer(at).put(values);
      }
      reorder.run(scaled, w.get_data_handle());
      bias.put(shift);
    }

    void run(FloatPointer in, FloatPointer out) {
      x.read(in);
      if (add) {
        y.read(out);
      } else {
        y.write(out);
      }
      call.run();
      y.written(out);
    }

    @Override
    public void close() {
      call.close();
      reorder.close();
      x.close();
      y.close();
      w.close();
      b.close();
      bias.close();
    }
  }

  @Override
  public void weights(Vector weights, Normalization norm) {
    float[] scale = norm.scale().read();
    float[] shift = norm.shift().read();
    float[] means = norm.mean().read();
    float[] variances = norm.variance().read();
    for (int c = 0; c < scale.length; c++) {
      double factor = scale[c] / Math.sqrt(variances[c] + BatchNorm.EPSILON);
      scale[c] = (float) factor;
      shift[c] = (float) (shift[c] - means[c] * factor);
    }
    pass.weights(DnnlVector.pointer(weights), scale, shift);
  }

  @Override
  public void run(Tensor x, Tensor y) {
    pass.run(DnnlTensor.pointer(x), DnnlTensor.pointer(y));
  }

  @Override
  public void close() {
    pass.close();
  }
}
