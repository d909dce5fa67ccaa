package org.adaptseg.data.streets;

import java.util.List;
import org.adaptseg.data.streets.Appearance.Air;
import org.adaptseg.data.streets.Appearance.Camera;
import org.adaptseg.data.streets.Appearance.Paint;

/**
 * The two appearances. Their gap is of the kinds that separate games from streets: palette (some
 * classes of one look like other classes of the other), light and colour cast, haze, texture, and
 * the camera's blur and noise.
 */
final class Appearances {
  /**
   * How far the target is from the source on the way to {@link #OVERCAST}: 0 is no gap. At 0.5 a
   * small network that has learnt the source well (mIoU 60 to 65) has lost about half of it on the
   * target (34 to 38); at 1 nothing but roads is left of it.
   */
  private static final double GAP = 0.5;

  /** Clear, saturated, sharp. Paints in the order of {@link StreetClass}. */
  static final Appearance GAME =
      new Appearance(
          List.of(
              paint(88, 88, 96, 6, 3, 8, 2.0),
              paint(170, 152, 140, 10, 5, 14, 1.4),
              paint(158, 124, 98, 28, 18, 10, 0.8),
              paint(58, 128, 48, 14, 8, 26, 1.6),
              paint(112, 166, 236, 8, 4, 6, 4.0),
              paint(206, 96, 74, 22, 22, 14, 5.0),
              paint(58, 78, 168, 26, 26, 8, 3.0),
              paint(206, 204, 200, 12, 4, 8, 6.0)),
          -62,
          120,
          30,
          0.25,
          new Air(0.002, new Rgb(190, 205, 230)),
          new Camera(new Rgb(1, 1, 1), 1.0, 0.10, 5, 0.0, 0.0, 2.5));

  /** Overcast, dull, hazy, warm, soft and noisy, with classes in each other's colours. */
  private static final Appearance OVERCAST =
      new Appearance(
          List.of(
              paint(118, 112, 106, 6, 4, 13, 3.2),
              paint(134, 122, 118, 8, 5, 9, 0.8),
              paint(126, 124, 122, 24, 12, 16, 1.5),
              paint(96, 112, 66, 14, 8, 18, 2.6),
              paint(196, 200, 198, 6, 3, 4, 2.0),
              paint(84, 84, 128, 22, 18, 10, 4.0),
              paint(150, 84, 78, 30, 22, 12, 2.0),
              paint(112, 108, 98, 12, 5, 8, 6.0)),
          -28,
          60,
          14,
          0.12,
          new Air(0.012, new Rgb(196, 192, 180)),
          new Camera(new Rgb(1.04, 0.97, 0.84), 1.12, 0.14, 8, 0.2, 0.55, 6.0));

  static final Appearance STREET = GAME.blend(OVERCAST, GAP);

  private static Paint paint(
      int r, int g, int b, double lightness, double hue, double texture, double grain) {
    return new Paint(new Rgb(r, g, b), lightness, hue, texture, grain);
  }
}
