package org.adaptseg.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Upsampling;
import org.adaptseg.engine.host.InterpolationMatrix;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Upsampling as two products with fixed matrices on rows of pixels: first along the width, on the
 * small map, then along the height, which is one product for a whole image.
 */
final class DnnlUpsampling implements Upsampling {
  private final DnnlContext context;
  private final FeatureShape in;
  private final int height;
  private final int width;
  private final Product alongWidth;
  private final Product alongHeight;
  private final Product backHeight;
  private final Product backWidth;

  DnnlUpsampling(
      DnnlContext context, FeatureShape in, int height, int width, boolean alignCorners) {
    this.context = context;
    this.in = in;
    this.height = height;
    this.width = width;
    int c = in.channels();
    double[][] w = InterpolationMatrix.rows(in.width(), width, alignCorners);
    double[][] h = InterpolationMatrix.rows(in.height(), height, alignCorners);
    this.alongWidth = new Product(w, false, c);
    this.alongHeight = new Product(h, false, (long) width * c);
    this.backHeight = new Product(h, true, (long) width * c);
    this.backWidth = new Product(w, true, c);
  }

  /** dst [r × n] = M or Mᵀ [r × k] · src [k × n]. */
  private final class Product implements AutoCloseable {
    private final FloatPointer matrix;
    private final memory src;
    private final memory dst;
    private final DnnlCall call;

    Product(double[][] m, boolean transposed, long n) {
      long rows = transposed ? m[0].length : m.length;
      long inner = transposed ? m.length : m[0].length;
      this.matrix = new FloatPointer(rows * inner);
      for (int r = 0; r < rows; r++) {
        for (int k = 0; k < inner; k++) {
          matrix.put(r * inner + k, (float) (transposed ? m[k][r] : m[r][k]));
        }
      }
      memory.desc a = DnnlContext.desc(memory.format_tag.ab, rows, inner);
      memory.desc b = DnnlContext.desc(memory.format_tag.ab, inner, n);
      memory.desc c = DnnlContext.desc(memory.format_tag.ab, rows, n);
      var desc = new matmul.primitive_desc(new matmul.desc(a, b, c), context.engine, false);
      this.src = context.unbound(b);
      this.dst = context.unbound(c);
      this.call =
          new DnnlCall(context, new matmul(desc))
              .with(DNNL_ARG_SRC, new memory(a, context.engine, matrix))
              .with(DNNL_ARG_WEIGHTS, src)
              .with(DNNL_ARG_DST, dst);
    }

    void run(Pointer from, Pointer to) {
      src.set_data_handle(from);
      dst.set_data_handle(to);
      call.run();
    }

    @Override
    public void close() {
      call.close();
      matrix.close();
    }
  }

  @Override
  public void forward(Tensor logits, Tensor pixels) {
    int c = in.channels();
    FloatPointer rows = context.scratch("upsample-small", 4 * in.size());
    FloatPointer wide = context.scratch("upsample-wide", 4L * in.height() * width * c);
    FloatPointer out = DnnlTensor.pointer(pixels);
    context.reorder(logits.kind(), Tensor.Kind.PIXELS, in).run(DnnlTensor.pointer(logits), rows);
    for (int n = 0; n < in.images(); n++) {
      for (int y = 0; y < in.height(); y++) {
        long row = (long) n * in.height() + y;
        alongWidth.run(
            rows.getPointer(row * in.width() * c), wide.getPointer((long) y * width * c));
      }
      alongHeight.run(wide, out.getPointer((long) n * height * width * c));
    }
  }

  @Override
  public void backward(Tensor gradPixels, Tensor gradLogits) {
    int c = in.channels();
    FloatPointer rows = context.scratch("upsample-small", 4 * in.size());
    FloatPointer wide = context.scratch("upsample-wide", 4L * in.height() * width * c);
    FloatPointer gradient = DnnlTensor.pointer(gradPixels);
    for (int n = 0; n < in.images(); n++) {
      backHeight.run(gradient.getPointer((long) n * height * width * c), wide);
      for (int y = 0; y < in.height(); y++) {
        long row = (long) n * in.height() + y;
        backWidth.run(wide.getPointer((long) y * width * c), rows.getPointer(row * in.width() * c));
      }
    }
    context
        .reorder(Tensor.Kind.PIXELS, gradLogits.kind(), in)
        .run(rows, DnnlTensor.pointer(gradLogits));
  }

  @Override
  public void close() {
    alongWidth.close();
    alongHeight.close();
    backHeight.close();
    backWidth.close();
  }
}
