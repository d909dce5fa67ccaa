package org.adaptseg.nn.kernels.nd4j;

import org.adaptseg.nn.kernels.BatchNorm;
import org.adaptseg.nn.kernels.Convolution;
import org.adaptseg.nn.kernels.ConvolutionShape;
import org.adaptseg.nn.kernels.Elementwise;
import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.InferenceConvolution;
import org.adaptseg.nn.kernels.InterpolationMatrix;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.MaxPool;
import org.adaptseg.nn.kernels.Upsampling;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Plain ND4J operations on NCHW arrays, in float32 or float64, on whatever backend is there: CUDA
 * with cuDNN, or the CPU without native helpers as the oracle of the tests.
 */
public final class Nd4jKernels implements Kernels {
  private final DataType type;

  /**
   * @param type FLOAT or DOUBLE
   */
  public Nd4jKernels(DataType type) {
    this.type = type;
  }

  @Override
  public DataType dataType() {
    return type;
  }

  @Override
  public long[] activationShape(FeatureShape s) {
    return new long[] {s.images(), s.channels(), s.height(), s.width()};
  }

  @Override
  public FeatureShape shapeOf(INDArray a, int channels) {
    return new FeatureShape((int) a.size(0), channels, (int) a.size(2), (int) a.size(3));
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
    return new Nd4jBatchNorm(relu);
  }

  @Override
  public MaxPool maxPool(FeatureShape input, MaxPool.Window window) {
    return new Nd4jMaxPool(type, input, window);
  }

  @Override
  public Upsampling upsampling(FeatureShape logits, int height, int width, boolean alignCorners) {
    return new PixelUpsampling(logits, height, width, alignCorners);
  }

  @Override
  public Elementwise elementwise() {
    return new Operations();
  }

  @Override
  public void close() {
    // no native state of our own
  }

  private static final class Operations implements Elementwise {
    @Override
    public void add(INDArray a, INDArray b) {
      a.addi(b);
    }

    @Override
    public void addRelu(INDArray a, INDArray b) {
      a.assign(Transforms.relu(a.addi(b), false));
    }

    @Override
    public void leakyRelu(INDArray y, double slope) {
      y.assign(Transforms.leakyRelu(y, slope, true));
    }

    @Override
    public void leakyReluBackward(INDArray y, INDArray g, double slope) {
      INDArray positive = y.gt(0).castTo(y.dataType());
      g.muli(positive.muli(1 - slope).addi(slope));
    }

    @Override
    public void softmax(INDArray logits, INDArray probabilities) {
      probabilities.assign(Nd4j.nn().softmax(logits, 1));
    }

    @Override
    public void softmaxBackward(INDArray p, INDArray g, INDArray gLogits) {
      INDArray inner = p.mul(g).sum(true, 1);
      gLogits.assign(g.sub(inner).muli(p));
    }

    @Override
    public void fromPixels(INDArray pixels, INDArray activation, FeatureShape s) {
      activation.assign(
          pixels.reshape('c', s.images(), s.height(), s.width(), s.channels()).permute(0, 3, 1, 2));
    }

    @Override
    public void toPixels(INDArray activation, INDArray pixels, FeatureShape s) {
      pixels.assign(activation.permute(0, 2, 3, 1).dup('c').reshape('c', s.pixels(), s.channels()));
    }

    @Override
    public void toNchw(INDArray activation, INDArray nchw, FeatureShape s) {
      nchw.assign(activation);
    }

    @Override
    public void fromNchw(INDArray nchw, INDArray activation, FeatureShape s) {
      activation.assign(nchw);
    }
  }

  /** Two matrix products per image, as oneDNN's kernels do it. */
  private final class PixelUpsampling implements Upsampling {
    private final FeatureShape in;
    private final int height;
    private final int width;
    private final INDArray alongHeight;
    private final INDArray alongWidth;

    PixelUpsampling(FeatureShape in, int height, int width, boolean alignCorners) {
      this.in = in;
      this.height = height;
      this.width = width;
      this.alongHeight =
          Nd4j.createFromArray(InterpolationMatrix.rows(in.height(), height, alignCorners))
              .castTo(type);
      this.alongWidth =
          Nd4j.createFromArray(InterpolationMatrix.rows(in.width(), width, alignCorners))
              .castTo(type);
    }

    @Override
    public void forward(INDArray logits, INDArray pixels) {
      long image = (long) height * width;
      for (int n = 0; n < in.images(); n++) {
        for (int c = 0; c < in.channels(); c++) {
          INDArray map = logits.get(NDArrayIndex.point(n), NDArrayIndex.point(c)).dup('c');
          INDArray large = alongHeight.mmul(map).mmul(alongWidth.transpose());
          pixels
              .get(NDArrayIndex.interval(n * image, (n + 1) * image), NDArrayIndex.point(c))
              .assign(large.dup('c').reshape('c', image));
        }
      }
    }

    @Override
    public void backward(INDArray gradPixels, INDArray gradLogits) {
      long image = (long) height * width;
      for (int n = 0; n < in.images(); n++) {
        for (int c = 0; c < in.channels(); c++) {
          INDArray large =
              gradPixels
                  .get(NDArrayIndex.interval(n * image, (n + 1) * image), NDArrayIndex.point(c))
                  .dup('c')
                  .reshape('c', height, width);
          gradLogits
              .get(NDArrayIndex.point(n), NDArrayIndex.point(c))
              .assign(alongHeight.transpose().mmul(large).mmul(alongWidth));
        }
      }
    }

    @Override
    public void close() {
      alongHeight.close();
      alongWidth.close();
    }
  }
}
