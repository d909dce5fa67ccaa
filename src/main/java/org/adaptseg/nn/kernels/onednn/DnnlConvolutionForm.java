package org.adaptseg.nn.kernels.onednn;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.FeatureShape;
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

  /** Dilation that the maps are regrouped for, 1 = none. */
  private final int regrouped;

  private final boolean nchw;

  private DnnlConvolutionForm(
      DnnlContext context, ConvolutionShape shape, algorithm kind, int regrouped, boolean nchw) {
    this.context = context;
    this.shape = shape;
    this.kind = kind;
    this.regrouped = regrouped;
    this.nchw = nchw;
  }

  /** The ways in the order of preference, Winograd's first where it pays. */
  static List<DnnlConvolutionForm> of(DnnlContext context, ConvolutionShape s) {
    List<DnnlConvolutionForm> all = new ArrayList<>();
    if (winograd(s)) {
      all.add(
          new DnnlConvolutionForm(context, s, algorithm.convolution_winograd, s.dilation(), false));
    }
    all.add(new DnnlConvolutionForm(context, s, algorithm.convolution_direct, 1, false));
    return all;
  }

  /** On plain NCHW, for what no blocked kernel can do. */
  static DnnlConvolutionForm nchw(DnnlContext context, ConvolutionShape s) {
    return new DnnlConvolutionForm(context, s, algorithm.convolution_direct, 1, true);
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

  private memory.desc arranged(FeatureShape s, boolean image) {
    if (regrouped > 1) {
      return context.blocked(DnnlRegrouped.shape(s, regrouped));
    }
    return nchw || image ? context.nchw(s) : context.blocked(s);
  }

  private memory.desc x() {
    return arranged(shape.input(), shape.image());
  }

  private memory.desc y() {
    return arranged(shape.output(), false);
  }

  private memory.desc w() {
    return DnnlContext.desc(memory.format_tag.any, weightDims());
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
    return argument(shape.input(), shape.image(), "conv-x");
  }

  /** The argument for y or its gradient. */
  DnnlActivation yArgument() {
    return argument(shape.output(), false, "conv-y");
  }

  private DnnlActivation argument(FeatureShape s, boolean image, String slot) {
    return regrouped > 1
        ? new DnnlRegrouped(context, s, regrouped, slot)
        : new DnnlReordered(
            context,
            image ? context.nchw(s) : context.blocked(s),
            arranged(s, image),
            slot,
            kind == algorithm.convolution_winograd);
  }

  /** Whether y is in the layout that it is kept in. */
  boolean keepsArrangement() {
    return regrouped == 1 && !nchw;
  }

  convolution_forward.primitive_desc forward(prop_kind use, primitive_attr attributes) {
    var d =
        shape.bias()
            ? new convolution_forward.desc(
                use, kind, x(), w(), bias(), y(), stride(), dilation(), padding(), padding())
            : new convolution_forward.desc(
                use, kind, x(), w(), y(), stride(), dilation(), padding(), padding());
    return new convolution_forward.primitive_desc(d, attributes, context.engine, false);
  }

  convolution_backward_data.primitive_desc backwardData() {
    return new convolution_backward_data.primitive_desc(
        new convolution_backward_data.desc(
            kind, x(), w(), y(), stride(), dilation(), padding(), padding()),
        context.engine,
        forward(prop_kind.forward_training, new primitive_attr()),
        false);
  }

  convolution_backward_weights.primitive_desc backwardWeights() {
    var d =
        shape.bias()
            ? new convolution_backward_weights.desc(
                kind, x(), w(), bias(), y(), stride(), dilation(), padding(), padding())
            : new convolution_backward_weights.desc(
                kind, x(), w(), y(), stride(), dilation(), padding(), padding());
    return new convolution_backward_weights.primitive_desc(
        d, context.engine, forward(prop_kind.forward_training, new primitive_attr()), false);
  }
}
