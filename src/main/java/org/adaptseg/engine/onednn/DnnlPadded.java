package org.adaptseg.engine.onednn;

import org.adaptseg.engine.FeatureShape;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** An activation that is read with a border of zeros around it. */
final class DnnlPadded implements DnnlActivation {
  private final DnnlContext context;
  private final memory.desc desc;
  private final memory memory;
  private final DnnlReorder copy;
  private final long offsetBytes;
  private final String slot;

  /**
   * @param kept type of the arrays handed in
   */
  DnnlPadded(DnnlContext context, FeatureShape s, memory.data_type kept, int padding) {
    this.context = context;
    FeatureShape padded = shape(s, padding);
    this.slot = "conv-padded/" + padding + "/" + s;
    this.desc = context.blocked(padded);
    this.memory = context.unbound(desc);
    long b = context.block;
    long[] dims = {s.images() * ((s.channels() + b - 1) / b), s.height(), s.width(), b};
    long row = padded.width() * b;
    this.offsetBytes = padding * (row + b) * DnnlContext.width(context.maps);
    this.copy =
        new DnnlReorder(
            context,
            DnnlContext.strided(
                kept, dims, new long[] {s.height() * s.width() * b, s.width() * b, b, 1}),
            DnnlContext.strided(context.maps, dims, new long[] {padded.height() * row, row, b, 1}),
            false);
  }

  static FeatureShape shape(FeatureShape s, int padding) {
    return new FeatureShape(
        s.images(), s.channels(), s.height() + 2 * padding, s.width() + 2 * padding);
  }

  @Override
  public memory memory() {
    return memory;
  }

  @Override
  public void read(FloatPointer array) {
    FloatPointer padded = context.zeroPadded(slot, desc.get_size());
    copy.run(array, DnnlContext.behind(padded, offsetBytes));
    memory.set_data_handle(padded);
  }

  @Override
  public void write(FloatPointer array) {
    throw new UnsupportedOperationException("Cannot write to a padded activation");
  }

  @Override
  public void written(FloatPointer array) {
    throw new UnsupportedOperationException("Cannot write to a padded activation");
  }

  @Override
  public void close() {
    copy.close();
    memory.close();
  }
}
