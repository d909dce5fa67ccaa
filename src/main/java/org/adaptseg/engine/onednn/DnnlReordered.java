package org.adaptseg.engine.onednn;

import org.adaptseg.engine.host.AlignedMemory;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * An activation in the kept layout or, where the primitive wants another one or another alignment,
 * reordered through scratch.
 */
final class DnnlReordered implements DnnlActivation {
  private final memory memory;
  private final DnnlContext context;
  private final String slot;
  private final long bytes;
  private final boolean same;
  private final boolean aligned;
  private final DnnlReorder in;
  private final DnnlReorder out;

  /**
   * @param kept layout of the arrays handed in
   * @param wanted layout of the primitive
   * @param slot scratch slot for the reordered copy
   * @param aligned whether the primitive faults on arrays that do not begin on a cache line
   */
  DnnlReordered(
      DnnlContext context, memory.desc kept, memory.desc wanted, String slot, boolean aligned) {
    this.context = context;
    this.slot = slot;
    this.memory = context.unbound(wanted);
    this.bytes = wanted.get_size();
    this.same = kept.equals(wanted);
    this.aligned = aligned;
    this.in = same && !aligned ? null : new DnnlReorder(context, kept, wanted, false);
    this.out = same && !aligned ? null : new DnnlReorder(context, wanted, kept, false);
  }

  private boolean direct(FloatPointer array) {
    return same && (!aligned || array.address() % AlignedMemory.ALIGNMENT == 0);
  }

  @Override
  public memory memory() {
    return memory;
  }

  @Override
  public void read(FloatPointer array) {
    if (direct(array)) {
      memory.set_data_handle(array);
    } else {
      FloatPointer copy = context.scratch(slot, bytes);
      in.run(array, copy);
      memory.set_data_handle(copy);
    }
  }

  @Override
  public void write(FloatPointer array) {
    if (direct(array)) {
      memory.set_data_handle(array);
    } else {
      memory.set_data_handle(context.scratch(slot, bytes));
    }
  }

  @Override
  public void written(FloatPointer array) {
    if (!direct(array)) {
      out.run(context.scratch(slot, bytes), array);
    }
  }

  @Override
  public void close() {
    if (in != null) {
      in.close();
      out.close();
    }
    memory.close();
  }
}
