package org.adaptseg.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.config.Cluster.RateScaling;
import org.adaptseg.report.ScalingTables.Cell;
import org.adaptseg.report.ScalingTables.Run;
import org.junit.jupiter.api.Test;

class ScalingTablesTest {
  private static final Cell ONE = new Cell("n1", 1, 20, RateScaling.LINEAR, 0, "", 100);
  private static final Cell TWO = new Cell("n2", 2, 20, RateScaling.LINEAR, 0.05, "", 50);
  private static final Cell PLAIN = new Cell("n2-none", 2, 20, RateScaling.NONE, 0, "bmuf", 50);
  private static final Cell FOUR = new Cell("n4", 4, 5, RateScaling.SQUARE_ROOT, 0, "", 25);
  private static final List<Cell> CELLS = List.of(ONE, TWO, PLAIN, FOUR);

  private static Run run(Cell cell, double miou, double divergence, Map<Long, Double> curve) {
    return new Run(cell, miou, new TreeMap<>(curve), divergence);
  }

  private static final ScalingTables TABLES =
      new ScalingTables(
          CELLS,
          List.of(
              // The mean of one worker is 50; from 49.5 on it counts as reached.
              run(ONE, 0.49, Double.NaN, Map.of(40L, 0.48, 60L, 0.4955, 100L, 0.49)),
              run(ONE, 0.51, Double.NaN, Map.of(40L, 0.495, 100L, 0.51)),
              run(TWO, 0.5, 0.5, Map.of(20L, 0.495, 50L, 0.5)),
              run(TWO, 0.52, 0.75, Map.of(20L, 0.48, 30L, 0.6, 50L, 0.52)),
              run(PLAIN, 0.45, 0.25, Map.of(50L, 0.45)),
              run(PLAIN, 0.5, 0.25, Map.of(50L, 0.5))));

  @Test
  void aRowHasTheMeanAndTheIterationsToTheScoreOfOneWorker() {
    assertThat(TABLES.table().lines().skip(2))
        .containsExactly(
            "| 1 | – | ×1 | 2 | 50.00 ± 1.41 | +0.00 | – | 100 | 50 | 1.0 |",
            "| 2 | 20 | ×2 after a warm-up of 5 % | 2 | 51.00 ± 1.41 | +1.00 | 0.63 | 50 | 25 |"
                + " 2.0 |",
            "| 2 | 20 | ×1, outer step bmuf | 2 | 47.50 ± 3.54 | -2.50 | 0.25 | 50 | 1 of 2 runs | – |",
            "| 4 | 5 | ×√4 | 0 | – | – | – | 25 | – | – |");
  }

  @Test
  void theChartHasALineForEveryRuleThatWasMeasuredWithAllWorkers() {
    assertThat(TABLES.chart())
        .contains(
            "Lines: interval 20, linear, warm-up; interval 20, none, bmuf.",
            "x-axis \"workers\" [1, 2]",
            "  line [50.00, 51.00]\n  line [50.00, 47.50]\n");
    assertThat(new ScalingTables(CELLS, List.of()).chart()).isEmpty();
  }
}
