package org.adaptseg.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.metrics.Scores;
import org.junit.jupiter.api.Test;

class ScoreTableTest {
  @Test
  void aTableHasTheScoresOfEveryClassAndThoseOfAll() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 0, 1, 1, 1}, new byte[] {0, 0, 0, 1, 1}, new float[] {1, 1, 1, 1, 1});

    assertThat(ScoreTable.of("iteration 7", List.of("road", "sky", "car"), Scores.of(matrix)))
        .isEqualTo(
            """
            iteration 7, in percent
            class                      IoU  precision  recall      F1
            road                     66.67      66.67  100.00   80.00
            sky                      66.67     100.00   66.67   80.00
            car                          -          -       -       -
            mIoU                     66.67
            pixel accuracy           80.00
            frequency-weighted IoU   66.67
            calibration error        20.00
            """);
  }
}
