package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SpreadTest {
  /** Of six values the second and third are the first network's, the last one the second's. */
  private static final TrainedRanges TRAINED =
      new TrainedRanges(
          List.of("a", "b"),
          List.of(new TrainedRanges.Range(0, 1, 3), new TrainedRanges.Range(1, 5, 6)));

  @Test
  void isTheSumOfSquaredDistancesFromTheMeanByNetwork() {
    Spread spread = new Spread(TRAINED, 3);
    SliceMean mean = new SliceMean(3, spread);
    mean.begin(0, 0);
    mean.add(0, FloatBuffer.wrap(new float[] {9, 1, 4, 9, 9, 2}));
    mean.add(1, FloatBuffer.wrap(new float[] {7, 2, 4, 8, 9, 2}));
    mean.add(2, FloatBuffer.wrap(new float[] {5, 6, 7, 7, 9, 2}));
    mean.mean(FloatBuffer.allocate(6));

    // 1, 2, 6 lie 2, 1, 3 from 3; 4, 4, 7 lie 1, 1, 2 from 5.
    assertThat(spread.take()).containsExactly(4 + 1 + 9 + 1 + 1 + 4, 0);
    assertThat(spread.take()).as("taken once").containsExactly(0, 0);
  }

  @Test
  void isTheSameBitsHoweverASliceArrives() {
    int length = 5000;
    TrainedRanges trained =
        new TrainedRanges(
            List.of("a"),
            List.of(new TrainedRanges.Range(0, 3, 1701), new TrainedRanges.Range(0, 1709, 4998)));
    float[][] workers = new float[2][length];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < length; i++) {
      workers[0][i] = (float) random.nextDouble();
      // As workers are after a round: almost the same.
      workers[1][i] = workers[0][i] * (1 + 1e-5f * i / length);
    }
    double expected = 0;
    for (TrainedRanges.Range range : trained.ranges()) {
      for (int i = (int) range.from(); i < range.to(); i++) {
        double half = ((double) workers[1][i] - workers[0][i]) / 2;
        expected += 2 * half * half;
      }
    }

    double whole = spread(trained, workers, length);

    assertThat(whole).isCloseTo(expected, Percentage.withPercentage(1e-6));
    for (int piece : new int[] {1, 7, 1024}) {
      assertThat(spread(trained, workers, piece)).isEqualTo(whole);
    }
  }

  private static double spread(TrainedRanges trained, float[][] workers, int piece) {
    Spread spread = new Spread(trained, 2);
    SliceMean mean = new SliceMean(2, spread);
    for (int at = 0; at < workers[0].length; at += piece) {
      int count = Math.min(piece, workers[0].length - at);
      mean.begin(0, at);
      mean.add(0, FloatBuffer.wrap(workers[0], at, count));
      mean.add(1, FloatBuffer.wrap(workers[1], at, count));
      mean.mean(FloatBuffer.allocate(count));
    }
    return spread.take()[0];
  }
}
