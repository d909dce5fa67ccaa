package org.adaptseg.nn.kernels.onednn;

import org.adaptseg.nn.kernels.BatchNorm;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.Elementwise;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.InferenceConvolution;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.MaxPool;
import org.adaptseg.nn.kernels.Upsampling;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN called directly on ND4J's buffers, float32. Activations are rank 5, [N, ⌈C/b⌉, H, W, b]
 * with the block b that oneDNN picks on this processor; channels beyond C are zero.
 */
public final class OneDnnKernels implements Kernels {
  private final DnnlContext context;
  private final DnnlElementwise elementwise;

  /** Loads the native library and asks it for its layout. */
  public OneDnnKernels() {
    this.context = new DnnlContext();
    this.elementwise = new DnnlElementwise(context);
  }

  @Override
  public DataType dataType() {
    return DataType.FLOAT;
  }

  @Override
  public long[] activationShape(FeatureShape s) {
    int b = context.block;
    return new long[] {s.images(), (s.channels() + b - 1) / b, s.height(), s.width(), b};
  }

  @Override
  public FeatureShape shapeOf(INDArray a, int channels) {
    return new FeatureShape((int) a.size(0), channels, (int) a.size(2), (int) a.size(3));
  }

  @Override
  public Convolution convolution(ConvolutionShape shape) {
    return new DnnlConvolution(context, shape);
  }

  @Override
  public InferenceConvolution inference(ConvolutionShape shape, boolean add, boolean relu) {
    return new DnnlInference(context, shape, add, relu);
  }

  @Override
  public BatchNorm batchNorm(FeatureShape shape, boolean relu) {
    return new DnnlBatchNorm(context, shape, relu);
  }

  @Override
  public MaxPool maxPool(FeatureShape input, MaxPool.Window window) {
    return new DnnlMaxPool(context, input, window);
  }

  @Override
  public Upsampling upsampling(FeatureShape logits, int height, int width, boolean alignCorners) {
    return new DnnlUpsampling(context, logits, height, width, alignCorners);
  }

  @Override
  public Elementwise elementwise() {
    return elementwise;
  }

  @Override
  public void close() {
    elementwise.close();
    context.close();
  }
}
