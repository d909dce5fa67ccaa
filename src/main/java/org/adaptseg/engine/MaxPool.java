package org.adaptseg.engine;

/** Max-pooling with stride 2, in PyTorch's sizes. */
public interface MaxPool extends AutoCloseable {
  /** The windows in use. */
  enum Window {
    /** 3×3, padding 1, ceil mode: ResNet's stem. */
    STEM(3, 1),
    /** 2×2, no padding, floor mode: VGG. An odd last row or column is left out. */
    HALVES(2, 0);

    private final int side;
    private final int padding;

    Window(int side, int padding) {
      this.side = side;
      this.padding = padding;
    }

    /** Pixels of a side of the window. */
    public int side() {
      return side;
    }

    /** Rows above, and columns left of, the input that windows reach. */
    public int padding() {
      return padding;
    }

    /** Output shape for an input shape. */
    public FeatureShape output(FeatureShape in) {
      return new FeatureShape(in.images(), in.channels(), out(in.height()), out(in.width()));
    }

    private int out(int size) {
      if (this == HALVES) {
        return size / 2;
      }
      int n = (size + 2 - 3 + 1) / 2 + 1; // ceil((size + 2·1 − 3) / 2) + 1
      return (n - 1) * 2 >= size + 1
          ? n - 1
          : n; // the last window must start inside input or left padding
    }

    /** Values behind an input's last one that windows reach. */
    public long after(int size) {
      return Math.max(0, (out(size) - 1) * 2L + side - padding - size);
    }
  }

  /** Output shape of ResNet's pooling for an input shape. */
  static FeatureShape output(FeatureShape in) {
    return Window.STEM.output(in);
  }

  /** y = max over each window; remembers the places. */
  void forward(Tensor x, Tensor y);

  /** gx = gradient of x for the last forward, overwritten. */
  void backward(Tensor gy, Tensor gx);

  @Override
  void close();
}
