package org.adaptseg.engine.onednn;

import java.util.List;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.ArgMax;
import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.Buffer;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Elementwise;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.InferenceConvolution;
import org.adaptseg.engine.LogitsView;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.PixelCounting;
import org.adaptseg.engine.SoftmaxAverage;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Upsampling;
import org.adaptseg.engine.Vector;
import org.adaptseg.engine.host.HostArgMax;
import org.adaptseg.engine.host.HostLosses;
import org.adaptseg.engine.host.HostOptimizers;
import org.adaptseg.engine.host.HostPixelCounting;
import org.adaptseg.engine.host.HostSoftmaxAverage;
import org.bytedeco.dnnl.memory;

/**
 * oneDNN on the processor, called directly. Maps are [N, ⌈C/b⌉, H, W, b] with the block b that
 * oneDNN picks on this processor; channels beyond C are zero.
 *
 * <p>Feature maps, their gradients and the convolutions on them are float32 or bfloat16.
 * Parameters, gradients of parameters, statistics and logits are float32 either way.
 */
public final class OneDnnEngine implements Engine {
  private final DnnlContext context;
  private final DnnlElementwise elementwise;
  private final Losses losses = new HostLosses();
  private final Optimizers optimizers = new HostOptimizers();

  /** Loads the native library and asks it for its layout. Feature maps are float32. */
  public OneDnnEngine() {
    this(Precision.FLOAT32);
  }

  /**
   * Loads the native library and asks it for its layout.
   *
   * @param maps type of feature maps: float32, or bfloat16 where {@link #computesBfloat16}
   */
  public OneDnnEngine(Precision maps) {
    this.context =
        new DnnlContext(
            switch (maps) {
              case FLOAT32 -> memory.data_type.f32;
              case BFLOAT16 -> memory.data_type.bf16;
              case TF32, FLOAT16, AUTO ->
                  throw new IllegalArgumentException(
                      "Cannot compute with oneDNN: expected float32 or bfloat16, found "
                          + maps.key());
            });
    this.elementwise = new DnnlElementwise(context);
  }

  /**
   * Loads the native library without computing: its instructions can still be limited.
   *
   * @throws LinkageError if it cannot be loaded
   */
  public static void load() {
    DnnlInstructions.load();
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
  public Vector vector(long length) {
    return DnnlVector.allocate(context, length);
  }

  @Override
  public Buffer buffer(Tensor.Kind kind) {
    return new DnnlBuffer(context, kind);
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
  public ArgMax argMax(FeatureShape logits, int height, int width, boolean alignCorners) {
    return new HostArgMax(logits, height, width, alignCorners);
  }

  @Override
  public PixelCounting pixelCounting(PixelCounting.Shape s) {
    return new HostPixelCounting(s, argMax(s.logits(), s.height(), s.width(), s.alignCorners()));
  }

  @Override
  public SoftmaxAverage softmaxAverage(
      int classes, int height, int width, boolean alignCorners, List<LogitsView> views) {
    return new HostSoftmaxAverage(classes, height, width, alignCorners, views);
  }

  @Override
  public Losses losses() {
    return losses;
  }

  @Override
  public Optimizers optimizers() {
    return optimizers;
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
