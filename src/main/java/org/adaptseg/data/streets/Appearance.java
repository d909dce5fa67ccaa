package org.adaptseg.data.streets;

import java.util.ArrayList;
import java.util.List;

/**
 * How a domain looks: everything about a picture that is not layout. Colours and tones are in
 * 0..255. Two appearances blend, so that one number sets how far apart the domains are.
 *
 * @param paints one for each {@link StreetClass}, in its order
 * @param windowTone added to building pixels that are windows
 * @param markingTone added to road pixels that are lane markings
 * @param cloudTone amplitude of clouds
 * @param sideShade how much darker one side of the street is, 0..1
 * @param air haze
 * @param camera how the camera renders what it sees
 */
public record Appearance(
    List<Paint> paints,
    double windowTone,
    double markingTone,
    double cloudTone,
    double sideShade,
    Air air,
    Camera camera) {

  /**
   * The surface of a class.
   *
   * @param colour mean colour
   * @param lightness objects differ in lightness by up to this, either way
   * @param hue objects differ in each channel by up to this, either way
   * @param texture amplitude of the surface's texture
   * @param grain texture cells per unit of the surface (metre; for things: their whole extent)
   */
  public record Paint(Rgb colour, double lightness, double hue, double texture, double grain) {
    Paint blend(Paint to, double t) {
      return new Paint(
          colour.blend(to.colour, t),
          mix(lightness, to.lightness, t),
          mix(hue, to.hue, t),
          mix(texture, to.texture, t),
          mix(grain, to.grain, t));
    }
  }

  /**
   * Haze: a pixel at distance z fades to the haze's colour by 1 − exp(−density·z).
   *
   * @param density per metre
   * @param colour of the haze
   */
  public record Air(double density, Rgb colour) {
    Air blend(Air to, double t) {
      return new Air(mix(density, to.density, t), colour.blend(to.colour, t));
    }
  }

  /**
   * From light to pixels: out = 255·(in/255)^gamma·gain·(1 ± exposure) ± cast, then vignette, blur
   * and noise.
   *
   * @param gain factor per channel
   * @param gamma above 1 darkens the middle tones
   * @param exposureSpread pictures differ in brightness by up to this fraction
   * @param castSpread pictures differ in each channel by up to this much
   * @param vignette fraction by which the corners are darker
   * @param blur 0..1: share of the 3×3 mean in every pixel
   * @param noise standard deviation of the sensor's noise
   */
  public record Camera(
      Rgb gain,
      double gamma,
      double exposureSpread,
      double castSpread,
      double vignette,
      double blur,
      double noise) {
    Camera blend(Camera to, double t) {
      return new Camera(
          gain.blend(to.gain, t),
          mix(gamma, to.gamma, t),
          mix(exposureSpread, to.exposureSpread, t),
          mix(castSpread, to.castSpread, t),
          mix(vignette, to.vignette, t),
          mix(blur, to.blur, t),
          mix(noise, to.noise, t));
    }
  }

  public Appearance {
    paints = List.copyOf(paints);
    if (paints.size() != StreetClass.values().length) {
      throw new IllegalArgumentException(
          "Cannot form an appearance: expected a paint for each of "
              + StreetClass.values().length
              + " classes, found "
              + paints.size());
    }
  }

  /** The appearance a fraction {@code t} of the way to another: 0 is this one, 1 the other. */
  public Appearance blend(Appearance to, double t) {
    List<Paint> mixed = new ArrayList<>();
    for (int c = 0; c < paints.size(); c++) {
      mixed.add(paints.get(c).blend(to.paints.get(c), t));
    }
    return new Appearance(
        mixed,
        mix(windowTone, to.windowTone, t),
        mix(markingTone, to.markingTone, t),
        mix(cloudTone, to.cloudTone, t),
        mix(sideShade, to.sideShade, t),
        air.blend(to.air, t),
        camera.blend(to.camera, t));
  }

  private static double mix(double from, double to, double t) {
    return from + t * (to - from);
  }
}
