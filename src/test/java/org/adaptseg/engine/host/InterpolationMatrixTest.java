package org.adaptseg.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InterpolationMatrixTest {
  /** Output i of 4 samples an input of 2 at (i + ½) / 2 − ½ = −¼, ¼, ¾, 1¼. */
  @Test
  void withoutAlignedCornersCentresOfPixelsAreAligned() {
    double[][] m = InterpolationMatrix.rows(2, 4, false);

    assertThat(m).isDeepEqualTo(new double[][] {{1, 0}, {0.75, 0.25}, {0.25, 0.75}, {0, 1}});
  }

  /** Output i of 5 samples an input of 3 at i / 2. */
  @Test
  void withAlignedCornersTheFirstAndTheLastPixelStay() {
    double[][] m = InterpolationMatrix.rows(3, 5, true);

    assertThat(m)
        .isDeepEqualTo(
            new double[][] {{1, 0, 0}, {0.5, 0.5, 0}, {0, 1, 0}, {0, 0.5, 0.5}, {0, 0, 1}});
  }
}
