package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;

/** A oneDNN primitive with its arguments, made once and executed often. */
final class DnnlCall implements AutoCloseable {
  private final DnnlContext context;
  private final primitive primitive;
  private final IntMemoryMap arguments = new IntMemoryMap();
  private memory scratchpad;
  private long scratchBytes;

  DnnlCall(DnnlContext context, primitive primitive) {
    this.context = context;
    this.primitive = primitive;
  }

  DnnlCall with(int argument, memory value) {
    arguments.put(argument, value);
    return this;
  }

  /**
   * Has the primitive work in the context's scratch, which all of them share, instead of in a
   * scratchpad of its own: its attributes are {@link DnnlContext#attributes}.
   */
  DnnlCall inScratch(memory.desc scratchpadDesc) {
    scratchBytes = scratchpadDesc.get_size();
    if (scratchBytes > 0) {
      scratchpad = context.unbound(scratchpadDesc);
      arguments.put(DNNL_ARG_SCRATCHPAD, scratchpad);
    }
    return this;
  }

  void run() {
    if (scratchpad != null) {
      scratchpad.set_data_handle(context.scratch("primitive", scratchBytes));
    }
    primitive.execute(context.stream, arguments);
    context.stream._wait();
  }

  @Override
  public void close() {
    arguments.close();
    primitive.close();
    if (scratchpad != null) {
      scratchpad.close();
    }
  }
}
