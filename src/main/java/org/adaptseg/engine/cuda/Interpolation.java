package org.adaptseg.engine.cuda;

import java.util.List;
import org.adaptseg.engine.host.InterpolationMatrix;

/**
 * One side of a bilinear interpolation on the device: for every place of the image the map's place
 * before it and two weights, and for every place of the map the image's places that it takes part
 * in.
 */
final class Interpolation implements AutoCloseable {
  private final CudaContext context;
  private final DeviceMemory low;
  private final DeviceMemory weights;
  private final DeviceMemory ranges;

  Interpolation(CudaContext context, int map, int image, boolean alignCorners) {
    this.context = context;
    double[][] rows = InterpolationMatrix.rows(map, image, alignCorners);
    int[] lows = new int[image];
    float[] pairs = new float[2 * image];
    int[] fromTo = new int[2 * map];
    for (int i = 0; i < image; i++) {
      int first = 0;
      while (first < map - 1 && rows[i][first] == 0) {
        first++;
      }
      lows[i] = first;
      pairs[2 * i] = (float) rows[i][first];
      pairs[2 * i + 1] = first + 1 < map ? (float) rows[i][first + 1] : 0f;
      extend(fromTo, first, i);
      if (first + 1 < map) {
        extend(fromTo, first + 1, i);
      }
    }
    this.low = context.allocate((long) image * Integer.BYTES, "rows to interpolate");
    this.weights = context.allocate(2L * image * Float.BYTES, "weights to interpolate");
    this.ranges = context.allocate(2L * map * Integer.BYTES, "rows to interpolate");
    context.upload(low.address(), lows);
    context.upload(weights.address(), pairs);
    context.upload(ranges.address(), fromTo);
  }

  private static void extend(int[] fromTo, int place, int i) {
    if (fromTo[2 * place + 1] == 0) {
      fromTo[2 * place] = i;
    }
    fromTo[2 * place + 1] = i + 1;
  }

  long low() {
    return low.address();
  }

  long weights() {
    return weights.address();
  }

  long ranges() {
    return ranges.address();
  }

  @Override
  public void close() {
    List.of(low, weights, ranges).forEach(context::free);
  }
}
