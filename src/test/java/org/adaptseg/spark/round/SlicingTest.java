package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.junit.jupiter.api.Test;

class SlicingTest {
  @Test
  void aLargePartIsCutIntoSlicesOfAtMost65536Values() {
    StateLayout layout = Slicing.exactly(2).layout(stateOf(400_000));
    assertThat(layout.parts()).isEqualTo(2);
    assertThat(layout.slices()).isEqualTo(8);
  }

  @Test
  void aSmallPartIsOneSlice() {
    StateLayout layout = Slicing.exactly(3).layout(stateOf(10));
    assertThat(layout.parts()).isEqualTo(3);
    assertThat(layout.slices()).isEqualTo(3);
  }

  @Test
  void aPartHasAtLeastAMillionValuesWhereThereAreSeveral() {
    assertThat(Slicing.atMost(8).layout(stateOf(3 << 20)).parts()).isEqualTo(3);
    assertThat(Slicing.atMost(8).layout(stateOf(1000)).parts()).isEqualTo(1);
  }

  @Test
  void slicesGoToPartsInOrderAndReportsToTheFirst() {
    SliceKey.BySlice partitioner =
        new SliceKey.BySlice(Slicing.exactly(2).layout(stateOf(400_000)));
    assertThat(partitioner.numPartitions()).isEqualTo(2);
    assertThat(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8))
        .extracting(slice -> partitioner.getPartition(SliceKey.of(slice, 1)))
        .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 0);
  }

  private static LearnerState stateOf(int values) {
    return new LearnerState(List.of(new Vector("a", new float[values])));
  }
}
