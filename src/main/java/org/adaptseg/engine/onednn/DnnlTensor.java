package org.adaptseg.engine.onednn;

import java.util.Locale;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.host.HostTensor;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** A tensor in the processor's memory, maps in oneDNN's blocked layout. */
final class DnnlTensor implements HostTensor {
  private final DnnlContext context;
  private final DnnlBuffer buffer;
  private final FeatureShape shape;
  private final FloatPointer first;
  private final long bytes;
  private boolean valid = true;

  DnnlTensor(
      DnnlContext context, DnnlBuffer buffer, FeatureShape shape, long bytes, FloatPointer first) {
    this.context = context;
    this.buffer = buffer;
    this.shape = shape;
    this.first = first;
    this.bytes = bytes;
  }

  static DnnlTensor of(Tensor tensor) {
    if (tensor instanceof DnnlTensor own) {
      return own;
    }
    throw new IllegalArgumentException(
        "Cannot compute with oneDNN: expected a tensor of its own, found " + tensor);
  }

  /** Its first value. */
  static FloatPointer pointer(Tensor tensor) {
    return of(tensor).pointer();
  }

  @Override
  public FloatPointer pointer() {
    if (!valid) {
      throw new IllegalStateException(
          "Cannot use a tensor of "
              + shape
              + ": expected its memory, found that its buffer has grown or was closed");
    }
    return first;
  }

  void invalidate() {
    valid = false;
  }

  /** Type of the values. */
  memory.data_type type() {
    return context.type(kind());
  }

  /** Bytes of the values, padding of channels included. */
  long bytes() {
    return bytes;
  }

  @Override
  public Kind kind() {
    return buffer.kind();
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  private boolean isPlain() {
    return kind() == Kind.IMAGE || kind() == Kind.PIXELS;
  }

  @Override
  public void write(float[] values) {
    requireSize(values.length, shape.size());
    if (isPlain()) {
      pointer().put(values);
    } else {
      FloatPointer rows = context.scratch("tensor-rows", 4 * shape.size());
      rows.put(values);
      context.reorder(Kind.PIXELS, kind(), shape).run(rows, pointer());
    }
  }

  @Override
  public void writeImage(int image, float[] chw) {
    if (kind() != Kind.IMAGE) {
      throw new IllegalStateException("Cannot write an image: expected images, found " + this);
    }
    long size = shape.size() / shape.images();
    requireSize(chw.length, size);
    pointer().getPointer(image * size).put(chw);
  }

  private void requireSize(long found, long expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot write: expected %d values, found %d (%s)",
              expected,
              found,
              this));
    }
  }

  @Override
  public float[] read() {
    float[] values = new float[Math.toIntExact(shape.size())];
    if (isPlain()) {
      pointer().get(values);
    } else {
      FloatPointer rows = context.scratch("tensor-rows", 4 * shape.size());
      context.reorder(kind(), Kind.PIXELS, shape).run(pointer(), rows);
      rows.get(values);
    }
    return values;
  }

  @Override
  public void readPixels(long from, int pixels, float[] into) {
    if (kind() != Kind.PIXELS) {
      throw new IllegalStateException("Cannot read pixels: expected some, found " + this);
    }
    int channels = shape.channels();
    pointer().getPointer(from * channels).get(into, 0, pixels * channels);
  }

  @Override
  public String toString() {
    return kind() + " " + shape;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
