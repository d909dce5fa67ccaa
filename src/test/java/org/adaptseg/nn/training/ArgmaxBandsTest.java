package org.adaptseg.nn.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.adaptseg.data.random.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgmaxBandsTest {
  @Test
  void alignedCornersPutTheFirstAndLastPlaceOnTheBorder() {
    // Class 1 rises from -3 to 1 over one row of two places, class 0 is 0: equal at 3/4.
    ArgmaxBands.Logits logits = new ArgmaxBands.Logits(2, 1, 2, new float[] {0, -3, 0, 1});
    byte[] out = new byte[9];

    new ArgmaxBands(logits, 1, 9, true).rows(0, 1, out, 0);

    // Place i is i/8 of the way: above 3/4 from i = 7 on; at i = 6 both are 0 and the first wins.
    assertThat(out).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 1);
  }

  @Test
  void withoutAlignedCornersPlacesAreTheCentresOfPixels() {
    ArgmaxBands.Logits logits = new ArgmaxBands.Logits(2, 2, 1, new float[] {0, -1, 0, 1});
    byte[] out = new byte[4];

    new ArgmaxBands(logits, 4, 1, false).rows(0, 4, out, 0);

    // Places -0.25 (clipped), 0.25, 0.75, 1.25 (clipped): class 1 is -1, -0.5, 0.5, 1.
    assertThat(out).containsExactly(0, 0, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({"5, 9, 40, 71", "9, 5, 4, 3", "1, 1, 7, 7", "3, 4, 1, 1", "17, 33, 129, 257"})
  void bandsAreTheArgmaxOfTheInterpolatedScores(int h, int w, int outH, int outW) {
    int classes = 5;
    SplitMix64 random = new SplitMix64(h * 1000L + w);
    float[] values = new float[h * w * classes];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(2001) / 1000f - 1;
    }
    ArgmaxBands.Logits logits = new ArgmaxBands.Logits(classes, h, w, values);
    byte[] inBands = new byte[outH * outW];
    ArgmaxBands bands = new ArgmaxBands(logits, outH, outW, true);
    for (int y = 0; y < outH; y += 3) {
      bands.rows(y, Math.min(3, outH - y), inBands, y * outW);
    }

    for (int y = 0; y < outH; y++) {
      for (int x = 0; x < outW; x++) {
        double[] scores = scores(logits, y, x, outH, outW);
        double best = java.util.Arrays.stream(scores).max().orElseThrow();
        assertThat(scores[inBands[y * outW + x]])
            .as("row %d, column %d", y, x)
            .isGreaterThan(best - 1e-5);
      }
    }
  }

  private static double[] scores(ArgmaxBands.Logits l, int y, int x, int outH, int outW) {
    double aty = outH > 1 ? y * (l.height() - 1.0) / (outH - 1) : 0;
    double atx = outW > 1 ? x * (l.width() - 1.0) / (outW - 1) : 0;
    double[] scores = new double[l.classes()];
    for (int j = 0; j < l.height(); j++) {
      for (int i = 0; i < l.width(); i++) {
        double weight = Math.max(0, 1 - Math.abs(aty - j)) * Math.max(0, 1 - Math.abs(atx - i));
        for (int c = 0; c < scores.length; c++) {
          scores[c] += weight * l.values()[(j * l.width() + i) * l.classes() + c];
        }
      }
    }
    return scores;
  }
}
