package org.adaptseg.testing;

import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;

/** Tensors from and to values in planes, NCHW, as the golden files have them. */
public final class Tensors {
  private Tensors() {}

  /** A tensor of any kind. */
  public static Tensor of(Engine engine, Tensor.Kind kind, FeatureShape shape, double[] nchw) {
    Tensor tensor = engine.tensor(kind, shape);
    tensor.write(kind == Tensor.Kind.IMAGE ? nchw : rows(nchw, shape));
    return tensor;
  }

  public static Tensor map(Engine engine, FeatureShape shape, float[] nchw) {
    return of(engine, Tensor.Kind.MAP, shape, wide(nchw));
  }

  public static Tensor logits(Engine engine, FeatureShape shape, float[] nchw) {
    return of(engine, Tensor.Kind.LOGITS, shape, wide(nchw));
  }

  public static Tensor image(Engine engine, FeatureShape shape, float[] nchw) {
    return of(engine, Tensor.Kind.IMAGE, shape, wide(nchw));
  }

  /** Pixels from rows of them. */
  public static Tensor pixels(Engine engine, FeatureShape shape, float[] rows) {
    Tensor tensor = engine.tensor(Tensor.Kind.PIXELS, shape);
    tensor.write(rows);
    return tensor;
  }

  /** Pixels of a map of one row. */
  public static Tensor pixels(Engine engine, float[][] rows) {
    int channels = rows[0].length;
    float[] flat = new float[rows.length * channels];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * channels, channels);
    }
    return pixels(engine, new FeatureShape(1, channels, 1, rows.length), flat);
  }

  /** Pixels like others, of zeros. */
  public static Tensor like(Engine engine, Tensor tensor) {
    return engine.tensor(tensor.kind(), tensor.shape());
  }

  public static Vector vector(Engine engine, float... values) {
    Vector vector = engine.vector(values.length);
    vector.write(values);
    return vector;
  }

  /** All values of a tensor in planes. */
  public static double[] nchw(Tensor tensor) {
    double[] values = tensor.readDoubles();
    return tensor.kind() == Tensor.Kind.IMAGE ? values : planes(values, tensor.shape());
  }

  /** As {@link #nchw}, rounded. */
  public static float[] floats(Tensor tensor) {
    return narrow(nchw(tensor));
  }

  public static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  public static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** NCHW to NHWC. */
  public static double[] rows(double[] nchw, FeatureShape shape) {
    return moved(nchw, shape, false);
  }

  /** NHWC to NCHW. */
  public static double[] planes(double[] rows, FeatureShape shape) {
    return moved(rows, shape, true);
  }

  private static double[] moved(double[] values, FeatureShape shape, boolean toPlanes) {
    int pixels = shape.height() * shape.width();
    int channels = shape.channels();
    double[] out = new double[values.length];
    for (int n = 0; n < shape.images(); n++) {
      int from = n * pixels * channels;
      for (int i = 0; i < pixels; i++) {
        for (int c = 0; c < channels; c++) {
          int plane = from + c * pixels + i;
          int row = from + i * channels + c;
          out[toPlanes ? plane : row] = values[toPlanes ? row : plane];
        }
      }
    }
    return out;
  }
}
