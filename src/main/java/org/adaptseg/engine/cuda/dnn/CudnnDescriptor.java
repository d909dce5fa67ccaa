package org.adaptseg.engine.cuda.dnn;

import org.bytedeco.cuda.cudnn.cudnnBackendDescriptor_t;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A descriptor of cuDNN's graph API: attributes are set, then it is finalised and can be used.
 * Descriptors that others are made of must be closed after them.
 */
public final class CudnnDescriptor implements AutoCloseable {
  private final cudnnBackendDescriptor_t descriptor = new cudnnBackendDescriptor_t();

  /**
   * An empty one.
   *
   * @param type one of cuDNN's {@code CUDNN_BACKEND_…_DESCRIPTOR}
   */
  public CudnnDescriptor(int type) {
    CudaStatus.dnn(
        cudnn.cudnnBackendCreateDescriptor(type, descriptor), "make a descriptor of type " + type);
  }

  /** What cuDNN takes. */
  public cudnnBackendDescriptor_t get() {
    return descriptor;
  }

  private void set(int name, int type, long count, Pointer values) {
    CudaStatus.dnn(
        cudnn.cudnnBackendSetAttribute(descriptor, name, type, count, values),
        "set the attribute " + name + " of a descriptor");
  }

  /** An attribute of whole numbers. */
  public CudnnDescriptor longs(int name, long... values) {
    try (LongPointer pointer = new LongPointer(values)) {
      set(name, cudnn.CUDNN_TYPE_INT64, values.length, pointer);
    }
    return this;
  }

  /** An attribute of one of cuDNN's enumerations. */
  public CudnnDescriptor choice(int name, int type, int value) {
    try (IntPointer pointer = new IntPointer(1)) {
      set(name, type, 1, pointer.put(value));
    }
    return this;
  }

  /** An attribute in float32. */
  public CudnnDescriptor factor(int name, float value) {
    try (FloatPointer pointer = new FloatPointer(1)) {
      set(name, cudnn.CUDNN_TYPE_FLOAT, 1, pointer.put(value));
    }
    return this;
  }

  /** An attribute that is another descriptor. */
  public CudnnDescriptor part(int name, CudnnDescriptor part) {
    return pointers(name, cudnn.CUDNN_TYPE_BACKEND_DESCRIPTOR, part.descriptor);
  }

  /** An attribute of pointers, such as handles and addresses on the device. */
  public CudnnDescriptor pointers(int name, int type, Pointer... values) {
    try (PointerPointer<Pointer> pointer = new PointerPointer<>(values.length)) {
      for (int i = 0; i < values.length; i++) {
        pointer.put(i, values[i]);
      }
      set(name, type, values.length, pointer);
    }
    return this;
  }

  /** Ends the setting of attributes. */
  public CudnnDescriptor done() {
    CudaStatus.dnn(cudnn.cudnnBackendFinalize(descriptor), "finalise a descriptor");
    return this;
  }

  /** As {@link #done}; false where cuDNN has nothing that can do it. */
  public boolean isPossible() {
    return cudnn.cudnnBackendFinalize(descriptor) == cudnn.CUDNN_STATUS_SUCCESS;
  }

  /**
   * Reads an attribute.
   *
   * @param most how many values there is room for
   * @return how many there are; -1 where there is no such attribute
   */
  public long read(int name, int type, long most, Pointer into) {
    long[] count = new long[1];
    int status = cudnn.cudnnBackendGetAttribute(descriptor, name, type, most, count, into);
    return status == cudnn.CUDNN_STATUS_SUCCESS ? Math.min(most, count[0]) : -1;
  }

  @Override
  public void close() {
    CudaStatus.dnn(cudnn.cudnnBackendDestroyDescriptor(descriptor), "destroy a descriptor");
  }
}
