package org.adaptseg.engine.nd4j;

import static org.adaptseg.engine.nd4j.Nd4jTensor.array;

import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Upsampling;
import org.adaptseg.engine.host.InterpolationMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Two matrix products for every channel of an image. */
final class Nd4jUpsampling implements Upsampling {
  private final FeatureShape in;
  private final int height;
  private final int width;
  private final INDArray alongHeight;
  private final INDArray alongWidth;

  Nd4jUpsampling(DataType type, FeatureShape in, int height, int width, boolean alignCorners) {
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
  public void forward(Tensor small, Tensor pixels) {
    INDArray logits = array(small);
    INDArray rows = array(pixels);
    long image = (long) height * width;
    for (int n = 0; n < in.images(); n++) {
      for (int c = 0; c < in.channels(); c++) {
        INDArray map = logits.get(NDArrayIndex.point(n), NDArrayIndex.point(c)).dup('c');
        INDArray large = alongHeight.mmul(map).mmul(alongWidth.transpose());
        rows.get(NDArrayIndex.interval(n * image, (n + 1) * image), NDArrayIndex.point(c))
            .assign(large.dup('c').reshape(image));
      }
    }
  }

  @Override
  public void backward(Tensor gradPixels, Tensor gradSmall) {
    INDArray rows = array(gradPixels);
    INDArray gradLogits = array(gradSmall);
    long image = (long) height * width;
    for (int n = 0; n < in.images(); n++) {
      for (int c = 0; c < in.channels(); c++) {
        INDArray large =
            rows.get(NDArrayIndex.interval(n * image, (n + 1) * image), NDArrayIndex.point(c))
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
