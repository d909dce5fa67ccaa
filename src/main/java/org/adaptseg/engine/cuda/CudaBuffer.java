package org.adaptseg.engine.cuda;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.Buffer;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.cuda.dnn.CellType;

/** A buffer in a GPU's memory. */
final class CudaBuffer implements Buffer {
  private final CudaContext context;
  private final Tensor.Kind kind;
  private final Map<FeatureShape, CudaTensor> tensors = new HashMap<>();
  private DeviceMemory memory;

  CudaBuffer(CudaContext context, Tensor.Kind kind) {
    this.context = context;
    this.kind = kind;
  }

  @Override
  public Tensor.Kind kind() {
    return kind;
  }

  /** Type of its tensors' values. */
  CellType cells() {
    return kind == Tensor.Kind.MAP ? context.maps() : CellType.FLOAT32;
  }

  @Override
  public Tensor as(FeatureShape shape) {
    CudaTensor tensor = tensors.get(shape);
    if (tensor == null) {
      long bytes = cells().bytes(shape.size());
      if (memory == null || memory.bytes() < bytes) {
        close();
        memory = context.allocate(bytes, kind + " " + shape);
      }
      tensor = new CudaTensor(context, this, shape, memory);
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
    tensors.clear();
    if (memory != null) {
      context.free(memory);
    }
    memory = null;
  }
}
