package org.adaptseg.engine.onednn;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;

/** A oneDNN primitive with its arguments, made once and executed often. */
final class DnnlCall implements AutoCloseable {
  private final DnnlContext context;
  private final primitive primitive;
  private final IntMemoryMap arguments = new IntMemoryMap();

  DnnlCall(DnnlContext context, primitive primitive) {
    this.context = context;
    this.primitive = primitive;
  }

  DnnlCall with(int argument, memory value) {
    arguments.put(argument, value);
    return this;
  }

  void run() {
    primitive.execute(context.stream, arguments);
    context.stream._wait();
  }

  @Override
  public void close() {
    arguments.close();
    primitive.close();
  }
}
