package org.adaptseg.engine.cuda;

import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.cuda.dnn.CellType;

/** Sums over the pixels of a map, channel by channel, in an order that depends on its shape. */
final class ColumnSums {
  /** More would be summed up by too few threads afterwards. */
  private static final long MOST_CHUNKS = 256;

  private static final long LEAST_ROWS = 32;

  private final CudaContext context;
  private final CellType cells;
  private final int channels;
  private final long rows;
  private final int chunks;

  ColumnSums(CudaContext context, CellType cells, FeatureShape shape) {
    this.context = context;
    this.cells = cells;
    this.channels = shape.channels();
    this.rows = shape.pixels();
    this.chunks = (int) Math.max(1, Math.min(MOST_CHUNKS, rows / LEAST_ROWS));
  }

  int chunks() {
    return chunks;
  }

  /** How many threads sum up parts. */
  long threads() {
    return (long) chunks * channels;
  }

  /** Room for parts of so many sums. */
  long partial(int sums) {
    return context.scratch("column-sums", sums * threads() * Double.BYTES);
  }

  /** Where the parts of the sum with this number begin. */
  long partial(long first, int number) {
    return first + number * threads() * Double.BYTES;
  }

  /** Sums of a map, times a factor. */
  void total(long x, double factor, long into, boolean accumulate) {
    long partial = partial(1);
    context.launch(cells, "column_sums", threads(), x, partial, channels, chunks, rows);
    finish(partial, factor, into, accumulate);
  }

  /** Sums of the squares of a map without its mean, times a factor. */
  void squares(long x, long mean, double factor, long into) {
    long partial = partial(1);
    context.launch(cells, "column_squares", threads(), x, mean, partial, channels, chunks, rows);
    finish(partial, factor, into, false);
  }

  /** Adds up parts. */
  void finish(long partial, double factor, long into, boolean accumulate) {
    context.launch(
        "column_total", channels, partial, into, channels, chunks, factor, accumulate ? 1 : 0);
  }
}
