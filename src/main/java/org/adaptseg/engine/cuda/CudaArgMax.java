package org.adaptseg.engine.cuda;

import org.adaptseg.engine.ArgMax;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.host.MostLikelyClasses;

/**
 * Upsampling and arg-max in one kernel, with the rules and the rounding of {@link
 * MostLikelyClasses}; a byte a pixel comes back.
 */
final class CudaArgMax implements ArgMax {
  private final CudaContext context;
  private final FeatureShape logits;
  private final int height;
  private final int width;
  private final CudaPlaces rows;
  private final CudaPlaces columns;

  CudaArgMax(
      CudaContext context, FeatureShape logits, int height, int width, boolean alignCorners) {
    this.context = context;
    this.logits = logits;
    this.height = height;
    this.width = width;
    this.rows =
        new CudaPlaces(context, MostLikelyClasses.places(logits.height(), height, alignCorners));
    this.columns =
        new CudaPlaces(context, MostLikelyClasses.places(logits.width(), width, alignCorners));
  }

  @Override
  public byte[] of(Tensor map) {
    int pixels = Math.toIntExact((long) logits.images() * height * width);
    long best = context.scratch("classes", pixels);
    context.launch(
        "arg_max",
        pixels,
        CudaTensor.address(map),
        rows.cells(),
        rows.shares(),
        columns.cells(),
        columns.shares(),
        best,
        logits.channels(),
        logits.height(),
        logits.width(),
        height,
        width,
        (long) pixels);
    return context.bytes(best, pixels);
  }

  @Override
  public void close() {
    rows.close();
    columns.close();
  }
}
