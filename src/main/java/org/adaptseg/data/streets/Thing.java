package org.adaptseg.data.streets;

/**
 * An upright object that faces the camera.
 *
 * @param kind vegetation (a tree), pole, car or person
 * @param x metres right of the camera
 * @param z metres ahead of the camera
 * @param width in metres
 * @param height in metres, from the ground
 * @param id tells objects of a scene apart
 */
record Thing(StreetClass kind, double x, double z, double width, double height, int id) {

  /**
   * Whether the object covers a point of its bounding box.
   *
   * @param u across, 0..1
   * @param v up from the ground, 0..1
   * @param pixel width of a pixel as a fraction of the box's width: thin parts stay visible
   */
  boolean covers(double u, double v, double pixel) {
    double across = Math.abs(u - 0.5);
    return switch (kind) {
      case PERSON ->
          ellipse(across / 0.24, (v - 0.92) / 0.08)
              || (v > 0.45 && v <= 0.85 && across < 0.45 - 0.25 * Math.max(0, v - 0.75))
              || (v <= 0.45 && across < 0.34 && across > 0.05 - pixel / 2);
      case CAR ->
          (v > 0.12 && v <= 0.6)
              || (v > 0.6 && across < 0.42 - 0.3 * (v - 0.6))
              || (v <= 0.12 && across > 0.25 && across < 0.42);
      case POLE -> across < Math.max(0.15, 0.6 * pixel) || (id % 3 == 0 && v > 0.78 && v < 0.93);
      case VEGETATION ->
          (v < 0.5 && across < Math.max(0.06, 0.6 * pixel)) || crown(u - 0.5, v - 0.67);
      default -> throw new IllegalStateException("No shape for " + kind);
    };
  }

  private boolean crown(double across, double up) {
    double angle = StrictMath.atan2(up, across);
    double edge =
        1 + 0.1 * StrictMath.sin(5 * angle + id) + 0.06 * StrictMath.sin(11 * angle + 2 * id);
    return ellipse(across / (0.46 * edge), up / (0.29 * edge));
  }

  private static boolean ellipse(double x, double y) {
    return x * x + y * y < 1;
  }
}
