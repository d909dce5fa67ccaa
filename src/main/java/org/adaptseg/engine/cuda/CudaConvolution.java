package org.adaptseg.engine.cuda;

import java.util.HashMap;
import java.util.Map;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;

/** A convolution by cuDNN, on a copy of the weights in its order. */
final class CudaConvolution implements Convolution {
  /** One of cuDNN's plans; made when it is first needed. */
  private record PlanKey(ConvolutionPass pass, boolean accumulate) {}

  private final CudaContext context;
  private final ConvolutionShape shape;
  private final int taps;
  private final long filterSize;
  private final DeviceMemory filter;
  private final Map<PlanKey, ConvolutionPlan> plans = new HashMap<>();
  private Vector bias;

  CudaConvolution(CudaContext context, ConvolutionShape shape) {
    this.context = context;
    this.shape = shape;
    this.taps = shape.kernel() * shape.kernel();
    this.filterSize = (long) shape.outChannels() * shape.input().channels() * taps;
    this.filter = context.allocate(filterSize * Float.BYTES);
  }

  @Override
  public ConvolutionShape shape() {
    return shape;
  }

  @Override
  public void weights(Vector weights, Vector newBias) {
    weights(weights, 0);
    this.bias = newBias;
  }

  /**
   * Takes weights.
   *
   * @param factors where a factor for each output channel is, or 0
   */
  void weights(Vector weights, long factors) {
    context.launch(
        "filter_in",
        filterSize,
        CudaVector.address(weights),
        factors,
        filter.address(),
        shape.input().channels(),
        taps,
        filterSize);
  }

  private void run(ConvolutionPass pass, boolean accumulate, long x, long w, long y) {
    plans
        .computeIfAbsent(
            new PlanKey(pass, accumulate),
            key -> new ConvolutionPlan(context, shape, key.pass(), key.accumulate()))
        .run(x, w, y);
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    forward(x, y, false);
    if (bias != null) {
      long size = shape.output().size();
      context.launch(
          "bias",
          size,
          CudaTensor.address(y),
          CudaVector.address(bias),
          shape.outChannels(),
          0,
          size);
    }
  }

  /** As {@link #forward(Tensor, Tensor)} without the bias. */
  void forward(Tensor x, Tensor y, boolean accumulate) {
    run(
        ConvolutionPass.FORWARD,
        accumulate,
        CudaTensor.address(x),
        filter.address(),
        CudaTensor.address(y));
  }

  @Override
  public void backwardData(Tensor gy, Tensor gx, boolean accumulate) {
    run(
        ConvolutionPass.DATA,
        accumulate,
        CudaTensor.address(gx),
        filter.address(),
        CudaTensor.address(gy));
  }

  @Override
  public void backwardWeights(
      Tensor x, Tensor gy, Vector gradWeights, Vector gradBias, boolean accumulate) {
    long gradient = context.scratch("filter-gradient", filterSize * Float.BYTES);
    long g = CudaTensor.address(gy);
    run(ConvolutionPass.FILTER, false, CudaTensor.address(x), gradient, g);
    context.launch(
        "filter_out",
        filterSize,
        gradient,
        CudaVector.address(gradWeights),
        shape.input().channels(),
        taps,
        accumulate ? 1 : 0,
        filterSize);
    if (gradBias != null) {
      new ColumnSums(context, shape.output()).total(g, 1, CudaVector.address(gradBias), accumulate);
    }
  }

  @Override
  public void close() {
    plans.values().forEach(context::close);
    plans.clear();
    context.free(filter);
  }
}
