package org.adaptseg.engine.cuda;

import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Upsampling;

/** Bilinear upsampling by kernels of our own; the adjoint gathers, so that its bits are fixed. */
final class CudaUpsampling implements Upsampling {
  private final CudaContext context;
  private final FeatureShape small;
  private final int height;
  private final int width;
  private final Interpolation rows;
  private final Interpolation columns;

  CudaUpsampling(
      CudaContext context, FeatureShape small, int height, int width, boolean alignCorners) {
    this.context = context;
    this.small = small;
    this.height = height;
    this.width = width;
    this.rows = new Interpolation(context, small.height(), height, alignCorners);
    this.columns = new Interpolation(context, small.width(), width, alignCorners);
  }

  @Override
  public void forward(Tensor map, Tensor pixels) {
    long size = pixels.shape().size();
    context.launch(
        CudaTensor.cells(map),
        "upsample",
        size,
        CudaTensor.address(map),
        rows.low(),
        rows.weights(),
        columns.low(),
        columns.weights(),
        CudaTensor.address(pixels),
        small.channels(),
        small.height(),
        small.width(),
        height,
        width,
        size);
  }

  @Override
  public void backward(Tensor gradPixels, Tensor gradSmall) {
    context.launch(
        CudaTensor.cells(gradSmall),
        "upsample_adjoint",
        small.size(),
        CudaTensor.address(gradPixels),
        rows.low(),
        rows.weights(),
        rows.ranges(),
        columns.low(),
        columns.weights(),
        columns.ranges(),
        CudaTensor.address(gradSmall),
        small.channels(),
        small.height(),
        small.width(),
        height,
        width,
        small.size());
  }

  @Override
  public void close() {
    rows.close();
    columns.close();
  }
}
