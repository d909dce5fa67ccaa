package org.adaptseg.data.streets;

import org.adaptseg.data.random.SplitMix64;

/** Gives a drawn layout its looks. One painter paints one picture. */
final class StreetPainter {
  /** Both powers are within one unit in the last place, 2⁻⁵² at most, of the true one. */
  private static final double POWER_ERROR = 0x1.0p-50;

  private final Appearance look;
  private final long seed;
  private final StreetClass[] kinds = StreetClass.values();
  private final double leftShade;
  private final double rightShade;
  private final double exposure;
  private final double[] cast = new double[3];

  /** Of the object that was painted last: lightness, then hue by channel; each in −1..1. */
  private final double[] own = new double[4];

  private int ownKind = -1;
  private int ownId;

  StreetPainter(Appearance look, long seed) {
    this.look = look;
    this.seed = seed;
    SplitMix64 random = new SplitMix64(seed);
    double shade = random.uniform(0.3, 1) * look.sideShade();
    boolean left = random.chance(0.5);
    this.leftShade = left ? 1 - shade : 1;
    this.rightShade = left ? 1 : 1 - shade;
    double spread = look.camera().exposureSpread();
    this.exposure = 1 + random.uniform(-spread, spread);
    for (int c = 0; c < 3; c++) {
      cast[c] = random.uniform(-1, 1) * look.camera().castSpread();
    }
  }

  /** Interleaved R, G, B. */
  byte[] paint(SceneRaster raster) {
    float[] light = new float[raster.classes.length * 3];
    for (int y = 0; y < raster.height; y++) {
      paintRow(raster, y, light);
    }
    return develop(light, raster.width, raster.height);
  }

  // A method for each row of a picture, here and below: Java compiles what is called often.

  private void paintRow(SceneRaster raster, int y, float[] light) {
    double[] pixel = new double[3];
    for (int x = 0; x < raster.width; x++) {
      int i = y * raster.width + x;
      surface(raster, i, pixel);
      expose(pixel, (x + 0.5) / raster.width - 0.5, (y + 0.5) / raster.height - 0.5);
      for (int c = 0; c < 3; c++) {
        light[3 * i + c] = (float) pixel[c];
      }
    }
  }

  /** The colour of what is at pixel i, seen through the air. */
  private void surface(SceneRaster raster, int i, double[] pixel) {
    StreetClass kind = kinds[raster.classes[i]];
    Appearance.Paint paint = look.paints().get(raster.classes[i]);
    int id = raster.ids[i];
    double u = raster.u[i];
    double v = raster.v[i];
    know(kind, id);
    double tone =
        paint.lightness() * own[0]
            + paint.texture() * noise(u * paint.grain(), v * paint.grain(), id)
            + detail(kind, u, v);
    boolean wall = id >= 1000 && id < 3000;
    double shade = !wall ? 1 : id < 2000 ? leftShade : rightShade;
    double haze =
        kind == StreetClass.SKY
            ? 0
            : 1 - StrictMath.exp(-look.air().density() * raster.distance[i]);
    for (int c = 0; c < 3; c++) {
      double value = paint.colour().channel(c) + paint.hue() * own[1 + c];
      value = Math.max(0, value + tone) * shade;
      pixel[c] = value + haze * (look.air().colour().channel(c) - value);
    }
  }

  /** What tells a surface's parts apart: windows, markings, clouds, wheels, faces. */
  private double detail(StreetClass kind, double u, double v) {
    return switch (kind) {
      case BUILDING ->
          inside(fraction(u / 2.4), 0.28, 0.72) && inside(fraction(v / 3), 0.35, 0.8)
              ? look.windowTone()
              : 0;
      case ROAD -> Math.abs(u) < 0.12 && fraction(v / 6) < 0.5 ? look.markingTone() : 0;
      case SKY -> look.cloudTone() * noise(6 * u, 14 * v, 77) - 40 * v;
      case CAR ->
          (v < 0.22 && Math.abs(Math.abs(u - 0.5) - 0.32) < 0.12)
                  || (v > 0.66 && v < 0.93 && Math.abs(u - 0.5) < 0.3)
              ? -45
              : 0;
      case PERSON -> v > 0.85 ? 25 : v < 0.45 ? -30 : 0;
      default -> 0;
    };
  }

  /** What is drawn at random for an object; neighbouring pixels mostly show the same. */
  private void know(StreetClass kind, int id) {
    if (kind.ordinal() != ownKind || id != ownId) {
      ownKind = kind.ordinal();
      ownId = id;
      for (int property = 0; property < own.length; property++) {
        own[property] = signed(ownKind, id, property);
      }
    }
  }

  private void expose(double[] pixel, double x, double y) {
    Appearance.Camera camera = look.camera();
    double falloff = exposure * (1 - camera.vignette() * 2 * (x * x + y * y));
    for (int c = 0; c < 3; c++) {
      pixel[c] = exposed(Math.max(0, pixel[c]) / 255, camera.gamma(), falloff, c);
    }
  }

  private float exposed(double share, double gamma, double falloff, int channel) {
    if (gamma == 1) {
      return seen(share, falloff, channel);
    }
    // Math.pow is many times faster than StrictMath's, but may differ in the last bit from machine
    // to machine. Where the float is the same for all powers that it may stand for, it is
    // StrictMath's, too.
    double power = Math.pow(share, gamma);
    float least = seen(power * (1 - POWER_ERROR), falloff, channel);
    boolean sure = least == seen(power * (1 + POWER_ERROR), falloff, channel);
    return sure ? least : seen(StrictMath.pow(share, gamma), falloff, channel);
  }

  private float seen(double power, double falloff, int channel) {
    return (float) (255 * power * look.camera().gain().channel(channel) * falloff + cast[channel]);
  }

  /** Blur, noise and quantisation. */
  private byte[] develop(float[] light, int width, int height) {
    SplitMix64 random = new SplitMix64(SplitMix64.hash(seed, 2));
    byte[] rgb = new byte[light.length];
    for (int y = 0; y < height; y++) {
      developRow(light, width, height, y, random, rgb);
    }
    return rgb;
  }

  private void developRow(
      float[] light, int width, int height, int y, SplitMix64 random, byte[] rgb) {
    double blur = look.camera().blur();
    for (int x = 0; x < width; x++) {
      for (int c = 0; c < 3; c++) {
        int i = 3 * (y * width + x) + c;
        double value = light[i];
        if (blur > 0) {
          value += blur * (mean(light, width, height, x, y, c) - value);
        }
        value += look.camera().noise() * random.nextGaussian();
        rgb[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }

  private static double mean(float[] light, int width, int height, int x, int y, int c) {
    double sum = 0;
    if (x > 0 && x < width - 1 && y > 0 && y < height - 1) {
      for (int dy = -1; dy <= 1; dy++) {
        int i = 3 * ((y + dy) * width + x) + c;
        sum += light[i - 3];
        sum += light[i];
        sum += light[i + 3];
      }
      return sum / 9;
    }
    for (int dy = -1; dy <= 1; dy++) {
      int row = Math.max(0, Math.min(height - 1, y + dy)) * width;
      for (int dx = -1; dx <= 1; dx++) {
        sum += light[3 * (row + Math.max(0, Math.min(width - 1, x + dx))) + c];
      }
    }
    return sum / 9;
  }

  /** Value noise in −1..1: random values on a grid, bilinear between. */
  private double noise(double x, double y, int id) {
    long x0 = (long) Math.floor(x);
    long y0 = (long) Math.floor(y);
    double fx = x - x0;
    double fy = y - y0;
    double top = lattice(x0, y0, id) * (1 - fx) + lattice(x0 + 1, y0, id) * fx;
    double bottom = lattice(x0, y0 + 1, id) * (1 - fx) + lattice(x0 + 1, y0 + 1, id) * fx;
    return top * (1 - fy) + bottom * fy;
  }

  private double lattice(long x, long y, int id) {
    long h = SplitMix64.mix(seed + id * 0x9E3779B97F4A7C15L + x * 0xD1B54A32D192ED03L + y);
    return (h >> 11) * 0x1.0p-52;
  }

  /** Uniform in −1..1, a property of an object. */
  private double signed(int kind, int id, int property) {
    return (SplitMix64.hash(seed, kind, id, property) >> 11) * 0x1.0p-52;
  }

  private static double fraction(double value) {
    return value - Math.floor(value);
  }

  private static boolean inside(double value, double low, double high) {
    return value > low && value < high;
  }
}
