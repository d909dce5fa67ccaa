package org.adaptseg.engine.onednn;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.Buffer;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.host.AlignedMemory;

/** A buffer in the processor's memory. */
final class DnnlBuffer implements Buffer {
  private final DnnlContext context;
  private final Tensor.Kind kind;
  private final Map<FeatureShape, DnnlTensor> tensors = new HashMap<>();
  private AlignedMemory memory;

  DnnlBuffer(DnnlContext context, Tensor.Kind kind) {
    this.context = context;
    this.kind = kind;
  }

  @Override
  public Tensor.Kind kind() {
    return kind;
  }

  @Override
  public Tensor as(FeatureShape shape) {
    DnnlTensor tensor = tensors.get(shape);
    if (tensor == null) {
      long bytes = context.desc(kind, shape).get_size();
      if (memory == null || memory.capacity() < bytes) {
        close();
        memory = context.allocate(bytes);
      }
      tensor = new DnnlTensor(context, this, shape, bytes, memory.aligned());
      tensors.put(shape, tensor);
    }
    return tensor;
  }

  @Override
  public boolean holds(Tensor tensor) {
    return tensors.get(tensor.shape()) == tensor;
  }

  @Override
  public void close() {
    tensors.values().forEach(DnnlTensor::invalidate);
    tensors.clear();
    if (memory != null) {
      context.free(memory);
      memory = null;
    }
  }
}
