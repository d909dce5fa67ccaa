package org.adaptseg.engine.cuda;

import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.MaxPool;
import org.adaptseg.engine.Tensor;

/** Max-pooling by kernels of our own: cuDNN has no ceil mode. */
final class CudaMaxPool implements MaxPool {
  private final CudaContext context;
  private final FeatureShape in;
  private final FeatureShape out;
  private final Window window;
  private final DeviceMemory places;

  CudaMaxPool(CudaContext context, FeatureShape in, Window window) {
    this.context = context;
    this.in = in;
    this.out = window.output(in);
    this.window = window;
    this.places = context.allocate(out.size(), "places of the maxima of " + out);
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    run("max_pool", out.size(), CudaTensor.address(x), CudaTensor.address(y), places.address());
  }

  @Override
  public void backward(Tensor gy, Tensor gx) {
    run(
        "max_pool_backward",
        in.size(),
        CudaTensor.address(gy),
        places.address(),
        CudaTensor.address(gx));
  }

  private void run(String kernel, long threads, long first, long second, long third) {
    context.launch(
        context.maps(),
        kernel,
        threads,
        first,
        second,
        third,
        in.channels(),
        in.height(),
        in.width(),
        out.height(),
        out.width(),
        window.side(),
        window.padding(),
        threads);
  }

  @Override
  public void close() {
    context.free(places);
  }
}
