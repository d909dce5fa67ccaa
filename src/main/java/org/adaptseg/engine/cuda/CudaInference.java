package org.adaptseg.engine.cuda;

import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.InferenceConvolution;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;

/** A convolution whose weights hold the normalisation behind it; shift and ReLU follow. */
final class CudaInference implements InferenceConvolution {
  private final CudaContext context;
  private final CudaConvolution convolution;
  private final boolean add;
  private final boolean relu;
  private final int channels;
  private final DeviceMemory shifts;
  private final DeviceMemory factors;

  CudaInference(CudaContext context, ConvolutionShape shape, boolean add, boolean relu) {
    this.context = context;
    this.convolution = new CudaConvolution(context, shape);
    this.add = add;
    this.relu = relu;
    this.channels = shape.outChannels();
    this.shifts = context.allocate((long) channels * Float.BYTES, "what a normalisation shifts by");
    this.factors = context.allocate((long) channels * Float.BYTES, "factors of a normalisation");
  }

  @Override
  public void weights(Vector weights, Normalization norm) {
    long bytes = (long) channels * Float.BYTES;
    long inverse = context.scratch("inverse", bytes);
    context.launch("bn_inverse", channels, CudaVector.address(norm.variance()), inverse, channels);
    context.launch(
        "bn_fold",
        channels,
        CudaVector.address(norm.scale()),
        CudaVector.address(norm.shift()),
        CudaVector.address(norm.mean()),
        inverse,
        factors.address(),
        shifts.address(),
        channels);
    convolution.weights(weights, factors.address());
  }

  @Override
  public void run(Tensor x, Tensor y) {
    convolution.forward(x, y, add);
    long size = y.shape().size();
    context.launch(
        CudaTensor.cells(y),
        "bias",
        size,
        CudaTensor.address(y),
        shifts.address(),
        channels,
        relu ? 1 : 0,
        size);
  }

  @Override
  public void close() {
    convolution.close();
    context.free(shifts);
    context.free(factors);
  }
}
