package org.adaptseg.engine.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.Pointer;

/** A change of layout, or with {@code accumulate} one that adds to its destination. */
final class DnnlReorder implements AutoCloseable {
  private final memory from;
  private final memory to;
  private final DnnlCall call;

  DnnlReorder(DnnlContext context, memory.desc from, memory.desc to, boolean accumulate) {
    this.from = context.unbound(from);
    this.to = context.unbound(to);
    primitive_attr attributes = new primitive_attr();
    if (accumulate) {
      post_ops sum = new post_ops();
      sum.append_sum();
      attributes.set_post_ops(sum);
    }
    reorder.primitive_desc desc =
        new reorder.primitive_desc(context.engine, from, context.engine, to, attributes, false);
    this.call =
        new DnnlCall(context, new reorder(desc))
            .with(dnnl.DNNL_ARG_FROM, this.from)
            .with(dnnl.DNNL_ARG_TO, this.to);
  }

  void run(Pointer source, Pointer destination) {
    from.set_data_handle(source);
    to.set_data_handle(destination);
    call.run();
  }

  @Override
  public void close() {
    call.close();
    from.close();
    to.close();
  }
}
