package org.adaptseg.engine.cuda;

import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;

/** Batch normalisation by kernels of our own. */
final class CudaBatchNorm implements BatchNorm {
  private final CudaContext context;
  private final int channels;
  private final long size;
  private final long values;
  private final int relu;
  private final ColumnSums sums;
  private final DeviceMemory statistics; // mean, variance, 1/σ; 1/σ of the running variance
  private Normalization norm;

  CudaBatchNorm(CudaContext context, FeatureShape shape, boolean relu) {
    this.context = context;
    this.channels = shape.channels();
    this.size = shape.size();
    this.values = shape.pixels();
    this.relu = relu ? 1 : 0;
    this.sums = new ColumnSums(context, context.maps(), shape);
    this.statistics = context.allocate(4L * channels * Float.BYTES, "statistics of channels");
  }

  private long statistic(int number) {
    return statistics.address() + (long) number * channels * Float.BYTES;
  }

  private long mean() {
    return statistic(0);
  }

  private long variance() {
    return statistic(1);
  }

  private long inverse() {
    return statistic(2);
  }

  private long runningInverse() {
    return statistic(3);
  }

  private long scale() {
    return CudaVector.address(norm.scale());
  }

  private long shift() {
    return CudaVector.address(norm.shift());
  }

  @Override
  public void parameters(Normalization parameters) {
    this.norm = parameters;
  }

  private void apply(Tensor x, Tensor y, long mean, long inverse) {
    context.launch(
        context.maps(),
        "bn_apply",
        size,
        CudaTensor.address(x),
        mean,
        inverse,
        scale(),
        shift(),
        CudaTensor.address(y),
        channels,
        relu,
        size);
  }

  @Override
  public void forwardBatch(Tensor x, Tensor y) {
    long in = CudaTensor.address(x);
    sums.total(in, 1.0 / values, mean(), false);
    sums.squares(in, mean(), 1.0 / values, variance());
    context.launch("bn_inverse", channels, variance(), inverse(), channels);
    apply(x, y, mean(), inverse());
  }

  @Override
  public void forwardAgain(Tensor x, Tensor y) {
    apply(x, y, mean(), inverse());
  }

  @Override
  public void forwardRunning(Tensor x, Tensor y) {
    context.launch(
        "bn_inverse", channels, CudaVector.address(norm.variance()), runningInverse(), channels);
    apply(x, y, CudaVector.address(norm.mean()), runningInverse());
  }

  /** What makes the variance of so many values an unbiased one. */
  private double unbiased() {
    return values > 1 ? (double) values / (values - 1) : 1.0;
  }

  @Override
  public void moveRunning(double momentum) {
    float kept = (float) (1 - momentum);
    move(norm.mean(), mean(), kept, (float) momentum);
    move(norm.variance(), variance(), kept, (float) (momentum * unbiased()));
  }

  @Override
  public void replaceRunning() {
    move(norm.mean(), mean(), 0f, 1f);
    move(norm.variance(), variance(), 0f, (float) unbiased());
  }

  private void move(Vector running, long batch, float kept, float added) {
    context.launch("bn_move", channels, CudaVector.address(running), batch, kept, added, channels);
  }

  @Override
  public void backward(Tensor x, Tensor gy, Tensor gx) {
    long in = CudaTensor.address(x);
    long g = CudaTensor.address(gy);
    long partial = sums.partial(2);
    context.launch(
        context.maps(),
        "bn_gradient_sums",
        sums.threads(),
        in,
        g,
        mean(),
        inverse(),
        scale(),
        shift(),
        partial,
        channels,
        sums.chunks(),
        relu,
        values);
    long means = context.scratch("gradient-means", 2L * channels * Float.BYTES);
    long products = means + (long) channels * Float.BYTES;
    sums.finish(partial, 1.0 / values, means, false);
    sums.finish(sums.partial(partial, 1), 1.0 / values, products, false);
    context.launch(
        context.maps(),
        "bn_backward",
        size,
        in,
        g,
        mean(),
        inverse(),
        scale(),
        shift(),
        means,
        products,
        CudaTensor.address(gx),
        channels,
        relu,
        size);
  }

  @Override
  public void backwardRunning(Tensor gy, Tensor gx) {
    context.launch(
        "bn_inverse", channels, CudaVector.address(norm.variance()), runningInverse(), channels);
    context.launch(
        context.maps(),
        "bn_backward_running",
        size,
        CudaTensor.address(gy),
        scale(),
        runningInverse(),
        CudaTensor.address(gx),
        channels,
        size);
  }

  @Override
  public void close() {
    context.free(statistics);
  }
}
