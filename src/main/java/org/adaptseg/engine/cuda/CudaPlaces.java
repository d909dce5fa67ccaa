package org.adaptseg.engine.cuda;

import java.util.List;
import org.adaptseg.engine.host.PixelPlaces;

/** Where the pixels along a side of an image are in a map, on the device. */
final class CudaPlaces implements AutoCloseable {
  private final CudaContext context;
  private final DeviceMemory cells;
  private final DeviceMemory shares;

  CudaPlaces(CudaContext context, PixelPlaces places) {
    this.context = context;
    this.cells = context.allocate((long) places.cells().length * Integer.BYTES, "pixels' places");
    this.shares = context.allocate((long) places.shares().length * Float.BYTES, "pixels' places");
    context.upload(cells.address(), places.cells());
    context.upload(shares.address(), places.shares());
  }

  long cells() {
    return cells.address();
  }

  long shares() {
    return shares.address();
  }

  @Override
  public void close() {
    List.of(cells, shares).forEach(context::free);
  }
}
