package org.adaptseg.engine.cuda;

import org.adaptseg.engine.Elementwise;
import org.adaptseg.engine.Tensor;

/** Elementwise kernels. */
final class CudaElementwise implements Elementwise {
  private final CudaContext context;

  CudaElementwise(CudaContext context) {
    this.context = context;
  }

  @Override
  public void add(Tensor a, Tensor b) {
    add(a, b, 0);
  }

  @Override
  public void addRelu(Tensor a, Tensor b) {
    add(a, b, 1);
  }

  private void add(Tensor a, Tensor b, int relu) {
    long n = a.shape().size();
    context.launch(
        CudaTensor.cells(a), "add", n, CudaTensor.address(a), CudaTensor.address(b), relu, n);
  }

  @Override
  public void leakyRelu(Tensor y, double slope) {
    long n = y.shape().size();
    context.launch(CudaTensor.cells(y), "leaky_relu", n, CudaTensor.address(y), (float) slope, n);
  }

  @Override
  public void leakyReluBackward(Tensor y, Tensor g, double slope) {
    long n = y.shape().size();
    context.launch(
        CudaTensor.cells(y),
        "leaky_relu_backward",
        n,
        CudaTensor.address(y),
        CudaTensor.address(g),
        (float) slope,
        n);
  }

  @Override
  public void softmax(Tensor logits, Tensor probabilities) {
    long pixels = logits.shape().pixels();
    context.launch(
        "softmax",
        pixels,
        CudaTensor.address(logits),
        CudaTensor.address(probabilities),
        logits.shape().channels(),
        pixels);
  }

  @Override
  public void softmaxBackward(Tensor probabilities, Tensor g, Tensor gLogits) {
    long pixels = g.shape().pixels();
    context.launch(
        "softmax_backward",
        pixels,
        CudaTensor.address(probabilities),
        CudaTensor.address(g),
        CudaTensor.address(gLogits),
        g.shape().channels(),
        pixels);
  }

  /** Maps are rows of pixels here, of another type at most. */
  @Override
  public void fromPixels(Tensor pixels, Tensor map) {
    copy(pixels, map);
  }

  @Override
  public void toPixels(Tensor map, Tensor pixels) {
    copy(map, pixels);
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    context.convert(
        CudaTensor.address(from),
        CudaTensor.cells(from),
        CudaTensor.address(to),
        CudaTensor.cells(to),
        false,
        from.shape().size());
  }

  @Override
  public void clear(Tensor tensor) {
    context.clear(
        CudaTensor.address(tensor), CudaTensor.cells(tensor).bytes(tensor.shape().size()));
  }
}
