package org.adaptseg.engine.onednn;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The filter argument of a primitive: plain weights [O, I, k, k], reordered through scratch before
 * each use. A kept copy per pass would cost twice the network's size, the reordering costs about a
 * fiftieth of the step.
 */
final class DnnlFilter implements AutoCloseable {
  private static final String SLOT = "conv-w";

  /** Type of the weights as they come; the reordering changes it where the primitive wants. */
  private static final memory.data_type PLAIN = org.bytedeco.dnnl.memory.data_type.f32;

  final memory memory;
  private final DnnlContext context;
  private final long bytes;
  private final DnnlReorder reorder;
  private final int kernel;
  private final DnnlReorder flip;
  private final long flippedBytes;

  private DnnlFilter(
      DnnlContext context, memory.desc plain, memory.desc wanted, int kernel, DnnlReorder flip) {
    this.context = context;
    this.memory = context.unbound(wanted);
    this.bytes = wanted.get_size();
    this.reorder = new DnnlReorder(context, plain, wanted, false);
    this.kernel = kernel;
    this.flip = flip;
    this.flippedBytes = plain.get_size();
  }

  /** The weights as they are. */
  static DnnlFilter of(DnnlContext context, long[] dims, memory.desc wanted) {
    memory.desc plain = DnnlContext.desc(org.bytedeco.dnnl.memory.format_tag.oihw, dims);
    return new DnnlFilter(context, plain, wanted, (int) dims[2], null);
  }

  /**
   * The weights of the convolution that takes gradients of y to those of x: input and output
   * channels exchanged, taps in reverse order.
   */
  static DnnlFilter transposed(DnnlContext context, long[] dims, memory.desc wanted) {
    long o = dims[0];
    long i = dims[1];
    long taps = dims[2] * dims[3];
    long[] exchanged = {i, o, dims[2], dims[3]};
    if (taps == 1) {
      memory.desc view = DnnlContext.strided(PLAIN, exchanged, new long[] {1, i, 1, 1});
      return new DnnlFilter(context, view, wanted, 1, null);
    }
    long[] tap = {i, o};
    DnnlReorder flip =
        new DnnlReorder(
            context,
            DnnlContext.strided(PLAIN, tap, new long[] {taps, i * taps}),
            DnnlContext.strided(PLAIN, tap, new long[] {o * taps, taps}),
            false);
    memory.desc plain = DnnlContext.desc(org.bytedeco.dnnl.memory.format_tag.oihw, exchanged);
    return new DnnlFilter(context, plain, wanted, (int) dims[2], flip);
  }

  /** Takes the weights for the primitive's next run. */
  void read(FloatPointer weights) {
    FloatPointer plain = weights;
    if (flip != null) {
      FloatPointer flipped = context.scratch("conv-flipped", flippedBytes);
      int taps = kernel * kernel;
      for (int t = 0; t < taps; t++) {
        flip.run(plain.getPointer(t), flipped.getPointer(taps - 1 - t));
      }
      plain = flipped;
    }
    FloatPointer copy = context.scratch(SLOT, bytes);
    reorder.run(plain, copy);
    memory.set_data_handle(copy);
  }

  @Override
  public void close() {
    reorder.close();
    if (flip != null) {
      flip.close();
    }
    memory.close();
  }
}
