package org.adaptseg.engine.cuda;

import java.util.Locale;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.InputChannels;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.cuda.dnn.CellType;

/** A tensor in a GPU's memory, NHWC: a map in the type of maps, all else in float32. */
final class CudaTensor implements Tensor {
  private final CudaContext context;
  private final CudaBuffer buffer;
  private final FeatureShape shape;
  private final DeviceMemory memory;

  CudaTensor(CudaContext context, CudaBuffer buffer, FeatureShape shape, DeviceMemory memory) {
    this.context = context;
    this.buffer = buffer;
    this.shape = shape;
    this.memory = memory;
  }

  /**
   * Where its first value is.
   *
   * @throws IllegalArgumentException for a tensor of another engine
   */
  static long address(Tensor tensor) {
    if (tensor instanceof CudaTensor own) {
      return own.address();
    }
    throw new IllegalArgumentException(
        "Cannot compute on a GPU: expected a tensor of its own, found " + tensor);
  }

  /** Type of a tensor's values. */
  static CellType cells(Tensor tensor) {
    return ((CudaTensor) tensor).buffer.cells();
  }

  private long address() {
    if (memory.isClosed()) {
      throw new IllegalStateException(
          "Cannot use a tensor of "
              + shape
              + ": expected its memory, found that its buffer has grown or was closed");
    }
    return memory.address();
  }

  @Override
  public Kind kind() {
    return buffer.kind();
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public void write(float[] values) {
    requireSize(values.length, shape.size());
    if (kind() == Kind.IMAGE) {
      planes(0, values, shape.images());
    } else if (buffer.cells() == CellType.FLOAT32) {
      context.upload(address(), values);
    } else {
      long wide = context.scratch("planes", shape.size() * Float.BYTES);
      context.upload(wide, values);
      context.convert(wide, CellType.FLOAT32, address(), buffer.cells(), false, shape.size());
    }
  }

  @Override
  public void writeImage(int image, float[] chw) {
    requireImages();
    requireSize(chw.length, imageSize());
    planes(image, chw, 1);
  }

  /** Pixels go up as they are, a byte a channel. */
  @Override
  public void writeImage(int image, Image values) {
    if (values.pixels().isEmpty()) {
      writeImage(image, values.chw());
      return;
    }
    requireImages();
    byte[] rgb = values.pixels().get().rgb();
    requireSize(rgb.length, imageSize());
    InputChannels channels = InputChannels.of(values.normalisation().orElseThrow());
    long pixels = context.scratch("pixels", rgb.length);
    context.upload(pixels, rgb);
    context.launch(
        "pixels_to_rows",
        rgb.length,
        pixels,
        address() + image * imageSize() * Float.BYTES,
        channels.of(0),
        channels.of(1),
        channels.of(2),
        channels.mean(0),
        channels.mean(1),
        channels.mean(2),
        channels.scale(0),
        channels.scale(1),
        channels.scale(2),
        (long) rgb.length);
  }

  private void requireImages() {
    if (kind() != Kind.IMAGE) {
      throw new IllegalStateException("Cannot write an image: expected images, found " + this);
    }
  }

  private long imageSize() {
    return shape.size() / shape.images();
  }

  private long pixels() {
    return (long) shape.height() * shape.width();
  }

  private void planes(int firstImage, float[] values, int images) {
    long planes = context.scratch("planes", (long) values.length * Float.BYTES);
    context.upload(planes, values);
    long count = images * imageSize();
    long rows = address() + firstImage * imageSize() * Float.BYTES;
    context.launch("planes_to_rows", count, planes, rows, shape.channels(), pixels(), count);
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
    long from = address();
    if (kind() == Kind.IMAGE) {
      long planes = context.scratch("planes", shape.size() * Float.BYTES);
      context.launch(
          "rows_to_planes", shape.size(), from, planes, shape.channels(), pixels(), shape.size());
      from = planes;
    } else if (buffer.cells() != CellType.FLOAT32) {
      long wide = context.scratch("planes", shape.size() * Float.BYTES);
      context.convert(from, buffer.cells(), wide, CellType.FLOAT32, false, shape.size());
      from = wide;
    }
    context.download(from, values, values.length);
    return values;
  }

  @Override
  public void readPixels(long first, int pixels, float[] into) {
    if (kind() != Kind.PIXELS) {
      throw new IllegalStateException("Cannot read pixels: expected some, found " + this);
    }
    int channels = shape.channels();
    context.download(address() + first * channels * Float.BYTES, into, pixels * channels);
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
