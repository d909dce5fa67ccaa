package org.adaptseg.nn.kernels;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution by oneDNN. Each of the three passes uses the blocked layout where oneDNN has a fast
 * kernel for it, and otherwise plain NCHW through scratch (AVX2 has no dilated backward-data
 * kernel, for one; its reference implementation is a thousand times slower).
 */
final class DnnlConvolution implements Convolution {
  private final DnnlContext context;
  private final ConvolutionShape shape;
  private final Geometry geometry;
  private final long[] weightDims;
  private final Weights forwardWeights;
  private Weights backwardWeights;
  private final Forward forward;
  private BackwardData backwardData;
  private BackwardWeights backwardW;
  private INDArray weights;
  private INDArray bias;

  DnnlConvolution(DnnlContext context, ConvolutionShape shape) {
    this.context = context;
    this.shape = shape;
    this.geometry = new Geometry(shape);
    this.weightDims =
        new long[] {shape.outChannels(), shape.input().channels(), shape.kernel(), shape.kernel()};
    this.forward = new Forward();
    this.forwardWeights = new Weights(forward.desc.weights_desc());
  }

  private record Geometry(long[] stride, long[] dilation, long[] padding) {
    Geometry(ConvolutionShape s) {
      this(
          new long[] {s.stride(), s.stride()},
          new long[] {s.dilation() - 1, s.dilation() - 1},
          new long[] {s.padding(), s.padding()});
    }
  }

  /** Layouts of x and y that a pass is tried with. */
  private record Layouts(memory.desc x, memory.desc y) {}

  private List<Layouts> candidates() {
    memory.desc x = kept(shape.input(), shape.image());
    memory.desc y = context.blocked(shape.output());
    List<Layouts> all = new ArrayList<>();
    all.add(new Layouts(x, y));
    all.add(new Layouts(context.nchw(shape.input()), context.nchw(shape.output())));
    return all;
  }

  private memory.desc kept(FeatureShape s, boolean image) {
    return image ? context.nchw(s) : context.blocked(s);
  }

  /** The first layout with a fast kernel, or else the first that works at all. */
  private <T extends primitive_desc_base> T choose(Function<Layouts, T> make) {
    T fallback = null;
    RuntimeException failure = null;
    for (Layouts l : candidates()) {
      try {
        T desc = make.apply(l);
        if (!desc.impl_info_str().getString().startsWith("ref")) {
          return desc;
        }
        fallback = fallback == null ? desc : fallback;
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (fallback == null) {
      throw new IllegalStateException(
          "Cannot compute a convolution: oneDNN has no implementation for " + shape, failure);
    }
    return fallback;
  }

  private memory.desc anyWeights() {
    return DnnlContext.desc(memory.format_tag.any, weightDims);
  }

  private memory.desc biasDesc() {
    return DnnlContext.desc(memory.format_tag.x, shape.outChannels());
  }

  private convolution_forward.primitive_desc forwardDesc(Layouts l) {
    var d =
        shape.bias()
            ? new convolution_forward.desc(
                prop_kind.forward_training,
                algorithm.convolution_direct,
                l.x(),
                anyWeights(),
                biasDesc(),
                l.y(),
                geometry.stride(),
                geometry.dilation(),
                geometry.padding(),
                geometry.padding())
            : new convolution_forward.desc(
                prop_kind.forward_training,
                algorithm.convolution_direct,
                l.x(),
                anyWeights(),
                l.y(),
                geometry.stride(),
                geometry.dilation(),
                geometry.padding(),
                geometry.padding());
    return new convolution_forward.primitive_desc(d, context.engine, false);
  }

  @Override
  public ConvolutionShape shape() {
    return shape;
  }

  @Override
  public void weights(INDArray newWeights, INDArray newBias) {
    this.weights = newWeights;
    this.bias = newBias;
    forwardWeights.stale = true;
    if (backwardWeights != null) {
      backwardWeights.stale = true;
    }
  }

  @Override
  public void forward(INDArray x, INDArray y) {
    forward.run(x, y);
  }

  @Override
  public void backwardData(INDArray gy, INDArray gx) {
    if (shape.image()) {
      throw new IllegalStateException("Cannot take the gradient of an image: " + shape);
    }
    if (backwardData == null) {
      backwardData = new BackwardData();
      boolean shared = backwardData.desc.weights_desc().equals(forward.desc.weights_desc());
      backwardWeights = shared ? forwardWeights : new Weights(backwardData.desc.weights_desc());
    }
    backwardData.run(gy, gx);
  }

  @Override
  public void backwardWeights(
      INDArray x, INDArray gy, INDArray gradWeights, INDArray gradBias, boolean accumulate) {
    if (backwardW == null) {
      backwardW = new BackwardWeights();
    }
    backwardW.run(x, gy, gradWeights, gradBias, accumulate);
  }

  @Override
  public void close() {
    forward.close();
    forwardWeights.close();
    if (backwardData != null) {
      backwardData.close();
      if (backwardWeights != forwardWeights) {
        backwardWeights.close();
      }
    }
    if (backwardW != null) {
      backwardW.close();
    }
  }

  /** The weights in the layout of one pass, reordered when first used after a change. */
  private final class Weights implements AutoCloseable {
    final memory memory;
    boolean stale = true;
    private final DnnlReorder reorder;

    Weights(memory.desc desc) {
      this.memory = new memory(desc, context.engine);
      this.reorder =
          new DnnlReorder(
              context,
              DnnlContext.desc(org.bytedeco.dnnl.memory.format_tag.oihw, weightDims),
              desc,
              false);
    }

    memory current() {
      if (stale) {
        reorder.run(weights.data().addressPointer(), memory.get_data_handle());
        stale = false;
      }
      return memory;
    }

    @Override
    public void close() {
      reorder.close();
      memory.close();
    }
  }

  private final class Forward implements AutoCloseable {
    final convolution_forward.primitive_desc desc = choose(DnnlConvolution.this::forwardDesc);
    private final DnnlActivation x =
        new DnnlActivation(context, kept(shape.input(), shape.image()), desc.src_desc(), "conv-x");
    private final DnnlActivation y =
        new DnnlActivation(context, context.blocked(shape.output()), desc.dst_desc(), "conv-y");
    private final memory b = shape.bias() ? context.unbound(biasDesc()) : null;
    private DnnlCall call;

    void run(INDArray in, INDArray out) {
      memory w = forwardWeights.current();
      if (call == null) {
        call =
            new DnnlCall(context, new convolution_forward(desc))
                .with(DNNL_ARG_SRC, x.memory)
                .with(DNNL_ARG_WEIGHTS, w)
                .with(DNNL_ARG_DST, y.memory);
        if (b != null) {
          call.with(DNNL_ARG_BIAS, b);
        }
      }
      if (b != null) {
        DnnlContext.bind(b, bias);
      }
      x.read(in);
      y.write(out);
      call.run();
      y.written(out);
    }

    @Override
    public void close() {
      if (call != null) {
        call.close();
      }
      x.close();
      y.close();
      desc.close();
    }
  }

  private final class BackwardData implements AutoCloseable {
    final convolution_backward_data.primitive_desc desc =
        choose(
            l ->
                new convolution_backward_data.primitive_desc(
                    new convolution_backward_data.desc(
                        algorithm.convolution_direct,
                        l.x(),
                        anyWeights(),
                        l.y(),
                        geometry.stride(),
                        geometry.dilation(),
                        geometry.padding(),
                        geometry.padding()),
                    context.engine,
                    forwardDesc(l),
                    false));
    private final DnnlActivation gx =
        new DnnlActivation(context, context.blocked(shape.input()), desc.diff_src_desc(), "conv-x");
    private final DnnlActivation gy =
        new DnnlActivation(
            context, context.blocked(shape.output()), desc.diff_dst_desc(), "conv-y");
    private DnnlCall call;

    void run(INDArray in, INDArray out) {
      memory w = backwardWeights.current();
      if (call == null) {
        call =
            new DnnlCall(context, new convolution_backward_data(desc))
                .with(DNNL_ARG_DIFF_DST, gy.memory)
                .with(DNNL_ARG_WEIGHTS, w)
                .with(DNNL_ARG_DIFF_SRC, gx.memory);
      }
      gy.read(in);
      gx.write(out);
      call.run();
      gx.written(out);
    }

    @Override
    public void close() {
      if (call != null) {
        call.close();
      }
      gx.close();
      gy.close();
      desc.close();
    }
  }

  private final class BackwardWeights implements AutoCloseable {
    private final convolution_backward_weights.primitive_desc desc = choose(this::make);
    private final DnnlActivation x =
        new DnnlActivation(context, kept(shape.input(), shape.image()), desc.src_desc(), "conv-x");
    private final DnnlActivation gy =
        new DnnlActivation(
            context, context.blocked(shape.output()), desc.diff_dst_desc(), "conv-y");
    private final memory gw = context.unbound(desc.diff_weights_desc());
    private final memory gb = shape.bias() ? context.unbound(biasDesc()) : null;
    private final memory.desc plain =
        DnnlContext.desc(org.bytedeco.dnnl.memory.format_tag.oihw, weightDims);
    private final DnnlReorder set =
        new DnnlReorder(context, desc.diff_weights_desc(), plain, false);
    private final DnnlReorder add = new DnnlReorder(context, desc.diff_weights_desc(), plain, true);
    private final DnnlCall call;

    BackwardWeights() {
      call =
          new DnnlCall(context, new convolution_backward_weights(desc))
              .with(DNNL_ARG_SRC, x.memory)
              .with(DNNL_ARG_DIFF_DST, gy.memory)
              .with(DNNL_ARG_DIFF_WEIGHTS, gw);
      if (gb != null) {
        call.with(DNNL_ARG_DIFF_BIAS, gb);
      }
    }

    private convolution_backward_weights.primitive_desc make(Layouts l) {
      var d =
          shape.bias()
              ? new convolution_backward_weights.desc(
                  algorithm.convolution_direct,
                  l.x(),
                  anyWeights(),
                  biasDesc(),
                  l.y(),
                  geometry.stride(),
                  geometry.dilation(),
                  geometry.padding(),
                  geometry.padding())
              : new convolution_backward_weights.desc(
                  algorithm.convolution_direct,
                  l.x(),
                  anyWeights(),
                  l.y(),
                  geometry.stride(),
                  geometry.dilation(),
                  geometry.padding(),
                  geometry.padding());
      return new convolution_backward_weights.primitive_desc(
          d, context.engine, forwardDesc(l), false);
    }

    void run(INDArray in, INDArray gradient, INDArray gradW, INDArray gradB, boolean accumulate) {
      x.read(in);
      gy.read(gradient);
      FloatPointer blockedGradient =
          context.scratch("conv-gw", desc.diff_weights_desc().get_size());
      gw.set_data_handle(blockedGradient);
      // The slot holds O values; float by float is fine for a bias.
      FloatPointer b = gb == null ? null : context.scratch("conv-gb", 4L * shape.outChannels());
      if (b != null) {
        gb.set_data_handle(b);
      }
      call.run();
      (accumulate ? add : set).run(blockedGradient, gradW.data().addressPointer());
      for (int o = 0; b != null && o < shape.outChannels(); o++) {
        gradB.putScalar(o, b.get(o) + (accumulate ? gradB.getFloat(o) : 0f));
      }
    }

    @Override
    public void close() {
      call.close();
      set.close();
      add.close();
      x.close();
      gy.close();
      desc.close();
    }
  }
}
