package org.adaptseg.engine.nd4j;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.Buffer;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A buffer as a flat array, of which tensors are views. */
final class Nd4jBuffer implements Buffer {
  private final DataType type;
  private final Tensor.Kind kind;
  private final Map<FeatureShape, Nd4jTensor> tensors = new HashMap<>();
  private INDArray flat;

  Nd4jBuffer(DataType type, Tensor.Kind kind) {
    this.type = type;
    this.kind = kind;
  }

  @Override
  public Tensor.Kind kind() {
    return kind;
  }

  @Override
  public Tensor as(FeatureShape shape) {
    Nd4jTensor tensor = tensors.get(shape);
    if (tensor == null) {
      if (flat == null || flat.length() < shape.size()) {
        close();
        flat = Nd4j.create(type, shape.size());
      }
      INDArray part = flat.get(NDArrayIndex.interval(0, shape.size()));
      tensor = new Nd4jTensor(this, shape, view(part, shape));
      tensors.put(shape, tensor);
    }
    return tensor;
  }

  private INDArray view(INDArray part, FeatureShape s) {
    return kind == Tensor.Kind.PIXELS
        ? part.reshape('c', s.pixels(), s.channels())
        : part.reshape('c', s.images(), s.channels(), s.height(), s.width());
  }

  @Override
  public boolean holds(Tensor tensor) {
    return tensors.get(tensor.shape()) == tensor;
  }

  @Override
  public void close() {
    tensors.clear();
    if (flat != null && flat.closeable()) {
      flat.close();
    }
    flat = null;
  }
}
