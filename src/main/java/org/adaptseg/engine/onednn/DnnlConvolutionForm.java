package org.adaptseg.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.FeatureShape;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;

/** One way to put a convolution to oneDNN: an algorithm, and the arrangement of its maps. */
final class DnnlConvolutionForm {
  /**
   * Winograd's F(4×4, 3×3) needs 36 products where the definition needs 144; with fewer channels or
   * with tiles that hang over the border, its transformations eat what that saves.
   */
  private static final int WINOGRAD_CHANNELS = 64;

  private static final int WINOGRAD_TILE = 4;
  private static final double WINOGRAD_OVERHANG = 2;

  final DnnlContext context;
  final ConvolutionShape shape;
  private final algorithm kind;

  /** Type that x, w and y are computed in. */
  final memory.data_type type;

  /** Dilation that the maps are regrouped for, 1 = none. */
  private final int regrouped;

  private final boolean nchw;

  private DnnlConvolutionForm(
      DnnlContext context,
      ConvolutionShape shape,
      algorithm kind,
      memory.data_type type,
      int regrouped,
      boolean nchw) {
    this.context = context;
    this.shape = shape;
    this.kind = kind;
    this.type = type;
    this.regrouped = regrouped;
    this.nchw = nchw;
  }

  /**
   * The ways in the type of the feature maps, in the order of preference: Winograd's first where it
   * pays. In bfloat16 there is none, and none is missed: the direct kernels are 1.2 to 1.3 times as
   * fast as Winograd's in float32.
   */
  static List<DnnlConvolutionForm> of(DnnlContext context, ConvolutionShape s) {
    List<DnnlConvolutionForm> all = new ArrayList<>();
    if (winograd(s) && !context.halves()) {
      all.add(
          new DnnlConvolutionForm(
              context, s, algorithm.convolution_winograd, context.maps, s.dilation(), false));
    }
    all.add(
        new DnnlConvolutionForm(context, s, algorithm.convolution_direct, context.maps, 1, false));
    return all;
  }

  /**
   * The ways in float32 that are left where none of the others has a dedicated kernel: on the kept
   * layout where maps are in bfloat16, and on plain NCHW.
   */
  static List<DnnlConvolutionForm> further(DnnlContext context, ConvolutionShape s) {
    List<DnnlConvolutionForm> all = new ArrayList<>();
    algorithm direct = algorithm.convolution_direct;
    if (context.halves()) {
      all.add(new DnnlConvolutionForm(context, s, direct, memory.data_type.f32, 1, false));
    }
    all.add(new DnnlConvolutionForm(context, s, direct, memory.data_type.f32, 1, true));
    return all;
  }

  private static boolean winograd(ConvolutionShape s) {
    int d = s.dilation();
    FeatureShape map = s.input();
    if (s.kernel() != 3
        || s.stride() != 1
        || s.padding() != d
        || s.image()
        || Math.min(map.channels(), s.outChannels()) < WINOGRAD_CHANNELS
        || Math.min(map.height(), map.width()) < d) {
      return false;
    }
    FeatureShape group = DnnlRegrouped.shape(map, d);
    long covered = (long) group.images() * overhanging(group.height()) * overhanging(group.width());
    return covered <= WINOGRAD_OVERHANG * map.pixels();
  }

  private static int overhanging(int side) {
    return (side + WINOGRAD_TILE - 1) / WINOGRAD_TILE * WINOGRAD_TILE;
  }

  long[] weightDims() {
    return new long[] {
      shape.outChannels(), shape.input().channels(), shape.kernel(), shape.kernel()
    };
  }

  private memory.desc arranged(FeatureShape s, boolean image, memory.data_type as) {
    if (regrouped > 1) {
      return context.blocked(DnnlRegrouped.shape(s, regrouped), as);
    }
    return nchw || image ? context.nchw(s, as) : context.blocked(s, as);
  }

  private memory.desc x() {
    return arranged(shape.input(), shape.image(), type);
  }

  /** Logits leave the primitive in float32, in which their sums are anyway. */
  private memory.data_type resultType() {
    return shape.logits() ? memory.data_type.f32 : type;
  }

  private memory.desc gy() {
    return arranged(shape.output(), false, type);
  }

  private memory.desc w(memory.data_type as) {
    return DnnlContext.desc(as, memory.format_tag.any, weightDims());
  }

  memory.desc bias() {
    return DnnlContext.desc(memory.format_tag.x, shape.outChannels());
  }

  private long[] stride() {
    return new long[] {shape.stride(), shape.stride()};
  }

  private long[] dilation() {
    int d = shape.dilation() / regrouped - 1;
    return new long[] {d, d};
  }

  private long[] padding() {
    int p = shape.padding() / regrouped;
    return new long[] {p, p};
  }

  /** The argument for x or its gradient. */
  DnnlActivation xArgument() {
    FeatureShape s = shape.input();
    memory.desc kept =
        shape.image() ? context.nchw(s, memory.data_type.f32) : context.blocked(s, context.maps);
    return argument(s, kept, x(), "conv-x");
  }

  /** The argument for y. */
  DnnlActivation yArgument() {
    return argument(
        shape.output(), keptY(), arranged(shape.output(), false, resultType()), "conv-y");
  }

  /** The argument for the gradient of y. */
  DnnlActivation gyArgument() {
    return argument(shape.output(), keptY(), gy(), "conv-y");
  }

  private memory.desc keptY() {
    return context.blocked(shape.output(), shape.logits() ? memory.data_type.f32 : context.maps);
  }

  private DnnlActivation argument(
      FeatureShape s, memory.desc kept, memory.desc wanted, String slot) {
    return regrouped > 1
        ? new DnnlRegrouped(context, s, regrouped, slot)
        : new DnnlReordered(context, kept, wanted, slot, kind == algorithm.convolution_winograd);
  }

  /** Whether y is in the layout and type that it is kept in. */
  boolean keepsArrangement() {
    return regrouped == 1 && !nchw && type == context.maps;
  }

  convolution_forward.primitive_desc forward(prop_kind use, primitive_attr attributes) {
    return forward(use, attributes, arranged(shape.output(), false, resultType()));
  }

  private convolution_forward.primitive_desc forward(
      prop_kind use, primitive_attr attributes, memory.desc y) {
    var d =
        shape.bias()
            ? new convolution_forward.desc(
                use, kind, x(), w(type), bias(), y, stride(), dilation(), padding(), padding())
            : new convolution_forward.desc(
                use, kind, x(), w(type), y, stride(), dilation(), padding(), padding());
    return new convolution_forward.primitive_desc(d, attributes, context.engine, false);
  }

  /** What the primitives of a backward pass want to know of the forward. */
  private convolution_forward.primitive_desc hint() {
    return forward(prop_kind.forward_training, new primitive_attr(), gy());
  }

  convolution_backward_data.primitive_desc backwardData() {
    return new convolution_backward_data.primitive_desc(
        new convolution_backward_data.desc(
            kind, x(), w(type), gy(), stride(), dilation(), padding(), padding()),
        DnnlContext.attributes(),
        context.engine,
        hint(),
        false);
  }

  /** The gradient of w is summed up, and given, in float32. */
  convolution_backward_weights.primitive_desc backwardWeights() {
    memory.desc gw = w(memory.data_type.f32);
    var d =
        shape.bias()
            ? new convolution_backward_weights.desc(
                kind, x(), gw, bias(), gy(), stride(), dilation(), padding(), padding())
            : new convolution_backward_weights.desc(
                kind, x(), gw, gy(), stride(), dilation(), padding(), padding());
    return new convolution_backward_weights.primitive_desc(
        d, DnnlContext.attributes(), context.engine, hint(), false);
  }
}
