package org.adaptseg.engine.nd4j;

import java.util.List;
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
import org.adaptseg.engine.host.HostPixelCounting;
import org.adaptseg.engine.host.HostSoftmaxAverage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's operations on NCHW arrays, in float32 or float64, on whatever backend is there. Written
 * for being right, not for being fast: the oracle of the tests.
 */
public final class Nd4jEngine implements Engine {
  private final DataType type;
  private final Elementwise elementwise = new Nd4jElementwise();
  private final Losses losses = new Nd4jLosses();
  private final Optimizers optimizers = new Nd4jOptimizers();

  private Nd4jEngine(DataType type) {
    this.type = type;
  }

  /** Computes in float32. */
  public static Nd4jEngine float32() {
    return new Nd4jEngine(DataType.FLOAT);
  }

  /** Computes in float64, parameters and all. */
  public static Nd4jEngine float64() {
    return new Nd4jEngine(DataType.DOUBLE);
  }

  @Override
  public Vector vector(long length) {
    return new Nd4jVector(Nd4j.create(type, length));
  }

  @Override
  public Buffer buffer(Tensor.Kind kind) {
    return new Nd4jBuffer(type, kind);
  }

  @Override
  public Convolution convolution(ConvolutionShape shape) {
    return new Nd4jConvolution(shape);
  }

  @Override
  public InferenceConvolution inference(ConvolutionShape shape, boolean add, boolean relu) {
    return new Nd4jInference(shape, add, relu);
  }

  @Override
  public BatchNorm batchNorm(FeatureShape shape, boolean relu) {
    return new Nd4jBatchNorm(shape, relu);
  }

  @Override
  public MaxPool maxPool(FeatureShape input, MaxPool.Window window) {
    return new Nd4jMaxPool(type, input, window);
  }

  @Override
  public Upsampling upsampling(FeatureShape small, int height, int width, boolean alignCorners) {
    return new Nd4jUpsampling(type, small, height, width, alignCorners);
  }

  @Override
  public ArgMax argMax(FeatureShape logits, int height, int width, boolean alignCorners) {
    return new Nd4jArgMax(type, logits, height, width, alignCorners);
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
  public Elementwise elementwise() {
    return elementwise;
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
  public void close() {
    // arrays go with their buffers, or when the garbage collector finds them
  }
}
