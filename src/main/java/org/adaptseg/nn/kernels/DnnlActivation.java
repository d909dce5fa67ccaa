package org.adaptseg.nn.kernels;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation argument of a primitive. Where the primitive wants another layout than the one that
 * activations are kept in, it is reordered through scratch.
 */
final class DnnlActivation implements AutoCloseable {
  final memory memory;
  private final DnnlContext context;
  private final String slot;
  private final long bytes;
  private final DnnlReorder in;
  private final DnnlReorder out;

  /**
   * @param kept layout of the arrays handed in
   * @param wanted layout of the primitive
   * @param slot scratch slot for the reordered copy
   */
  DnnlActivation(DnnlContext context, memory.desc kept, memory.desc wanted, String slot) {
    this.context = context;
    this.slot = slot;
    this.memory = context.unbound(wanted);
    this.bytes = wanted.get_size();
    boolean same = kept.equals(wanted);
    this.in = same ? null : new DnnlReorder(context, kept, wanted, false);
    this.out = same ? null : new DnnlReorder(context, wanted, kept, false);
  }

  /** Makes the array's values the argument. */
  void read(INDArray array) {
    if (in == null) {
      DnnlContext.bind(memory, array);
    } else {
      FloatPointer copy = context.scratch(slot, bytes);
      in.run(array.data().addressPointer(), copy);
      memory.set_data_handle(copy);
    }
  }

  /** Makes the argument's destination the array; after the primitive ran, call {@link #written}. */
  void write(INDArray array) {
    if (out == null) {
      DnnlContext.bind(memory, array);
    } else {
      memory.set_data_handle(context.scratch(slot, bytes));
    }
  }

  void written(INDArray array) {
    if (out != null) {
      out.run(context.scratch(slot, bytes), array.data().addressPointer());
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
