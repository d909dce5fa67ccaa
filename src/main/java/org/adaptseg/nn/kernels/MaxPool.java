package org.adaptseg.nn.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Max-pooling 3×3, stride 2, padding 1, ceil mode (PyTorch's sizes). */
public interface MaxPool extends AutoCloseable {
  /** Output shape for an input shape. */
  static FeatureShape output(FeatureShape in) {
    return new FeatureShape(in.images(), in.channels(), out(in.height()), out(in.width()));
  }

  private static int out(int size) {
    int n = (size + 2 - 3 + 1) / 2 + 1; // ceil((size + 2·1 − 3) / 2) + 1
    return (n - 1) * 2 >= size + 1
        ? n - 1
        : n; // the last window must start inside input or left padding
  }

  /** y = max over each window; remembers the places. */
  void forward(INDArray x, INDArray y);

  /** gx = gradient of x for the last forward, overwritten. */
  void backward(INDArray gy, INDArray gx);

  @Override
  void close();
}
