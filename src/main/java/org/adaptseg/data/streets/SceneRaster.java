package org.adaptseg.data.streets;

/**
 * A scene seen through a pinhole camera: for every pixel what is there, which one, how far, and
 * where on its surface. Filled once by {@link #draw}, then only read.
 */
final class SceneRaster {
  /** Distance that stands for the sky, in metres. */
  static final float SKY_DISTANCE = 1000;

  final int height;
  final int width;
  final byte[] classes;
  final int[] ids;
  final float[] distance;

  /**
   * Surface coordinates. Ground: metres across and ahead. Walls: metres along and up. Things: 0..1
   * across and up. Sky: fraction of the picture across and up from the horizon.
   */
  final float[] u;

  final float[] v;

  private final double focal;
  private final double centreX;
  private final double horizonY;

  private SceneRaster(StreetScene scene, int width, int height) {
    this.width = width;
    this.height = height;
    int area = Math.multiplyExact(width, height);
    this.classes = new byte[area];
    this.ids = new int[area];
    this.distance = new float[area];
    this.u = new float[area];
    this.v = new float[area];
    this.focal = 1.15 * height;
    this.centreX = scene.centre() * width;
    this.horizonY = scene.horizon() * height;
  }

  /** Draws a scene at a size. */
  static SceneRaster draw(StreetScene scene, int width, int height) {
    SceneRaster raster = new SceneRaster(scene, width, height);
    for (int y = 0; y < height; y++) {
      raster.backgroundRow(scene, y);
    }
    for (Thing thing : scene.things()) {
      raster.thing(thing);
    }
    return raster;
  }

  private void backgroundRow(StreetScene scene, int y) {
    for (int x = 0; x < width; x++) {
      background(scene, x, y);
    }
  }

  private void background(StreetScene scene, int px, int py) {
    double dx = (px + 0.5 - centreX) / focal;
    double dy = (py + 0.5 - horizonY) / focal;
    StreetScene.Side side = dx < 0 ? scene.left() : scene.right();
    double across = Math.max(Math.abs(dx), 1e-9);
    double z = Math.min(side.wall() / across, scene.end());
    boolean closing = z >= scene.end();
    Block block = closing ? scene.closing() : side.at(z);
    double up = StreetScene.CAMERA_HEIGHT - dy * z;
    double along = closing ? dx * z : z;
    int i = py * width + px;
    if (up < 0) {
      double ground = StreetScene.CAMERA_HEIGHT / dy;
      double x = dx * ground;
      boolean road = Math.abs(x) < side.road();
      set(i, road ? StreetClass.ROAD : StreetClass.SIDEWALK, dx < 0 && !road ? 1 : 0, ground);
      surface(i, x, ground);
    } else if (up < top(block, along)) {
      set(i, block.kind(), block.id(), z);
      surface(i, along, up);
    } else {
      set(i, StreetClass.SKY, 0, SKY_DISTANCE);
      surface(i, (px + 0.5) / width, (horizonY - py - 0.5) / height);
    }
  }

  /** Vegetation has a wavy top; buildings are flat. */
  private static double top(Block block, double along) {
    if (block.kind() == StreetClass.BUILDING) {
      return block.height();
    }
    double wave =
        StrictMath.sin(1.3 * along + block.id()) + StrictMath.sin(3.1 * along + 2 * block.id());
    return block.height() * (1 + 0.09 * wave);
  }

  private void thing(Thing thing) {
    double scale = focal / thing.z();
    double left = centreX + (thing.x() - thing.width() / 2) * scale;
    double bottom = horizonY + StreetScene.CAMERA_HEIGHT * scale;
    double boxWidth = thing.width() * scale;
    double boxHeight = thing.height() * scale;
    int x0 = Math.max(0, (int) Math.floor(left));
    int x1 = Math.min(width - 1, (int) Math.floor(left + boxWidth));
    int y0 = Math.max(0, (int) Math.floor(bottom - boxHeight));
    int y1 = Math.min(height - 1, (int) Math.floor(bottom));
    for (int y = y0; y <= y1; y++) {
      double up = (bottom - y - 0.5) / boxHeight;
      for (int x = x0; x <= x1; x++) {
        double across = (x + 0.5 - left) / boxWidth;
        boolean inside = up >= 0 && up <= 1 && across >= 0 && across <= 1;
        if (inside && thing.covers(across, up, 1 / boxWidth)) {
          int i = y * width + x;
          set(i, thing.kind(), 10_000 + thing.id(), thing.z());
          surface(i, across, up);
        }
      }
    }
  }

  private void set(int i, StreetClass kind, int id, double z) {
    classes[i] = (byte) kind.ordinal();
    ids[i] = id;
    distance[i] = (float) z;
  }

  private void surface(int i, double along, double up) {
    u[i] = (float) along;
    v[i] = (float) up;
  }
}
