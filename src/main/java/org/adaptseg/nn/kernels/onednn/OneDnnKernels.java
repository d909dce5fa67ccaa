package org.adaptseg.nn.kernels.onednn;

import org.adaptseg.config.InstructionSet;
import org.adaptseg.nn.kernels.BatchNorm;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.Elementwise;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.InferenceConvolution;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.MaxPool;
import org.adaptseg.nn.kernels.Upsampling;
import org.bytedeco.dnnl.memory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN called directly on ND4J's buffers. Activations are rank 5, [N, ⌈C/b⌉, H, W, b] with the
 * block b that oneDNN picks on this processor; channels beyond C are zero.
 *
 * <p>Feature maps, their gradients and the convolutions on them are float32 or bfloat16.
 * Parameters, gradients of parameters, statistics and logits are float32 either way.
 */
public final class OneDnnKernels implements Kernels {
  private final DataType maps;
  private final DnnlContext context;
  private final DnnlElementwise elementwise;

  /** Loads the native library and asks it for its layout. Feature maps are float32. */
  public OneDnnKernels() {
    this(DataType.FLOAT);
  }

  /**
   * Loads the native library and asks it for its layout.
   *
   * @param maps type of feature maps: float32, or bfloat16 where {@link #computesBfloat16}
   */
  public OneDnnKernels(DataType maps) {
    if (maps != DataType.FLOAT && maps != DataType.BFLOAT16) {
      throw new IllegalArgumentException(
          "Cannot compute with oneDNN: expected feature maps in float32 or bfloat16, found "
              + maps);
    }
    this.maps = maps;
    this.context =
        new DnnlContext(maps == DataType.BFLOAT16 ? memory.data_type.bf16 : memory.data_type.f32);
    this.elementwise = new DnnlElementwise(context);
  }

  /**
   * Whether this processor has instructions for bfloat16 (avx512_bf16 or AMX). Without them oneDNN
   * imitates them, which is slower than float32.
   */
  public static boolean computesBfloat16() {
    return DnnlInstructions.haveBfloat16();
  }

  /** The instruction set that oneDNN computes with, for example {@code avx512_core_bf16}. */
  public static String instructionSet() {
    return DnnlInstructions.effective();
  }

  /**
   * Keeps oneDNN from using more than a set of instructions, for the whole process.
   *
   * @throws IllegalStateException if the process has computed with others already, or the processor
   *     has less
   */
  public static void limit(InstructionSet set) {
    DnnlInstructions.limit(set);
  }

  @Override
  public DataType dataType() {
    return DataType.FLOAT;
  }

  @Override
  public DataType mapType() {
    return maps;
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
