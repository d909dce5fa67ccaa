package org.adaptseg.engine.cuda;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
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
import org.adaptseg.engine.cuda.dnn.CudaStatus;
import org.adaptseg.engine.host.HostSoftmaxAverage;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.cuda.global.nvrtc;

/**
 * An NVIDIA GPU: cuDNN 9 for convolutions, kernels of our own for everything else. In float32 no
 * tensor cores are used; in TF32 convolutions may use them; in bfloat16 and float16 feature maps
 * are of that type as well, and sums, statistics, logits, losses and parameters float32. Everything
 * of an iteration stays on the device but what promises give.
 *
 * <p>Where losses are scaled, their gradients are those of the losses times a power of 2, which
 * float16 needs for small ones. They are divided by it where they are added to gradients of
 * parameters, and nowhere before.
 */
public final class CudaEngine implements Engine {
  private static final int FIRST_WITH_BFLOAT16 = 80;
  private static final int FIRST_WITH_FLOAT16 = 75;

  private final CudaContext context;
  private final Elementwise elementwise;
  private final Losses losses;
  private final Optimizers optimizers;

  /**
   * Takes a device, without scaling losses.
   *
   * @param device index among those that this process sees
   * @param precision one of {@link #precisions}
   * @throws LinkageError if CUDA's or cuDNN's libraries cannot be loaded
   * @throws IllegalStateException if the device cannot be used
   */
  public CudaEngine(int device, Precision precision) {
    this(device, precision, 1);
  }

  /**
   * As the other, with losses that are scaled.
   *
   * @param lossScale a power of 2
   */
  public CudaEngine(int device, Precision precision, int lossScale) {
    this.context = new CudaContext(device, precision, lossScale);
    this.elementwise = new CudaElementwise(context);
    this.losses = new CudaLosses(context);
    this.optimizers = new CudaOptimizers(context);
  }

  /**
   * Loads CUDA's and cuDNN's libraries, without using a device.
   *
   * @throws LinkageError with the library that is missing
   */
  public static void load() {
    cudart.cudaGetErrorString(cudart.cudaSuccess).close();
    nvrtc.nvrtcGetErrorString(nvrtc.NVRTC_SUCCESS).close();
    cudnn.cudnnGetVersion();
  }

  /**
   * Number of GPUs that this process sees.
   *
   * @throws IllegalStateException if the driver does not answer
   */
  public static int devices() {
    int[] count = new int[1];
    CudaStatus.cuda(cudart.cudaGetDeviceCount(count), "count devices");
    return count[0];
  }

  /** A GPU's name and compute capability and cuDNN's version, which its bits depend on. */
  public static String describe(int device) {
    byte[] name = new byte[256];
    CudaStatus.driver(cudart.cuDeviceGetName(name, name.length, device), "ask for a name");
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    long version = cudnn.cudnnGetVersion();
    return String.format(
        Locale.ROOT,
        "%s (%d.%d), cuDNN %d.%d.%d",
        new String(name, 0, length, StandardCharsets.UTF_8),
        attribute(cudart.cudaDevAttrComputeCapabilityMajor, device),
        attribute(cudart.cudaDevAttrComputeCapabilityMinor, device),
        version / 10_000,
        version / 100 % 100,
        version % 100);
  }

  /**
   * What a device computes in, the fastest first and of two as fast the one without scaled losses:
   * below compute capability 8.0 it has tensor cores for neither TF32 nor bfloat16.
   */
  public static List<Precision> precisions(int device) {
    int capability =
        10 * attribute(cudart.cudaDevAttrComputeCapabilityMajor, device)
            + attribute(cudart.cudaDevAttrComputeCapabilityMinor, device);
    if (capability >= FIRST_WITH_BFLOAT16) {
      return List.of(Precision.BFLOAT16, Precision.FLOAT16, Precision.TF32, Precision.FLOAT32);
    }
    return capability >= FIRST_WITH_FLOAT16
        ? List.of(Precision.FLOAT16, Precision.FLOAT32)
        : List.of(Precision.FLOAT32);
  }

  static int attribute(int attribute, int device) {
    int[] value = new int[1];
    CudaStatus.cuda(
        cudart.cudaDeviceGetAttribute(value, attribute, device), "ask for what the device is");
    return value[0];
  }

  @Override
  public Vector vector(long length) {
    return CudaVector.allocate(context, length);
  }

  @Override
  public Buffer buffer(Tensor.Kind kind) {
    return new CudaBuffer(context, kind);
  }

  @Override
  public Convolution convolution(ConvolutionShape shape) {
    return new CudaConvolution(context, shape);
  }

  @Override
  public InferenceConvolution inference(ConvolutionShape shape, boolean add, boolean relu) {
    return new CudaInference(context, shape, add, relu);
  }

  @Override
  public BatchNorm batchNorm(FeatureShape shape, boolean relu) {
    return new CudaBatchNorm(context, shape, relu);
  }

  @Override
  public MaxPool maxPool(FeatureShape input, MaxPool.Window window) {
    return new CudaMaxPool(context, input, window);
  }

  @Override
  public Upsampling upsampling(FeatureShape small, int height, int width, boolean alignCorners) {
    return new CudaUpsampling(context, small, height, width, alignCorners);
  }

  @Override
  public ArgMax argMax(FeatureShape logits, int height, int width, boolean alignCorners) {
    return new CudaArgMax(context, logits, height, width, alignCorners);
  }

  @Override
  public PixelCounting pixelCounting(PixelCounting.Shape shape) {
    return new CudaPixelCounting(context, shape);
  }

  /** On the processor: it is computed row by row, as results are read. */
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
    context.close();
  }
}
