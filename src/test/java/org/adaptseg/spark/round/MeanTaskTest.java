package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.collection.JavaConverters;

class MeanTaskTest {
  private static final MeanTask TASK =
      new MeanTask(
          2,
          new StateLayout(List.of("v"), List.of(9), 9, 1),
          new TrainedRanges(List.of("v"), List.of(new TrainedRanges.Range(0, 4, 9))));

  @Test
  void averagesEverySliceOfAPartAndPassesReportsOn() {
    List<Tuple2<Long, byte[]>> means =
        results(of(3, 0, 1), of(3, 1, 2), of(4, 0, 5), of(4, 1, 9), of(9, 0, 7), of(9, 1, 8));
    assertThat(means)
        .extracting(Tuple2::_1)
        .containsExactly(
            SliceKey.of(3, 0),
            SliceKey.of(10, 3),
            SliceKey.of(4, 0),
            SliceKey.of(10, 4),
            SliceKey.of(9, 0),
            SliceKey.of(9, 1));
    // The fourth value is not trained; the distances of the fifth from its mean are 2.
    assertThat(List.of(means.get(1), means.get(3)))
        .extracting(spread -> ByteBuffer.wrap(spread._2()).getDouble())
        .containsExactly(0.0, 8.0);
    assertThat(means.stream().filter(mean -> SliceKey.slice(mean._1()) != 10).toList())
        .extracting(mean -> ByteBuffer.wrap(mean._2()).order(ByteOrder.LITTLE_ENDIAN).getFloat())
        .containsExactly(1.5f, 7f, 7f, 8f);
  }

  @Test
  void refusesToMixTwoSlices() {
    assertThatThrownBy(() -> results(of(3, 0, 1), of(4, 1, 2)))
        .hasMessage("Cannot average slice 3: expected the part of worker 1, found one of slice 4");
  }

  @Test
  void refusesAWorkerTooFew() {
    assertThatThrownBy(() -> results(of(3, 0, 1)))
        .hasMessage("Cannot average slice 3: expected 2 workers, found 1");
  }

  @SafeVarargs
  private static List<Tuple2<Long, byte[]>> results(Tuple2<Long, byte[]>... records) {
    return TASK.apply(null, JavaConverters.asScalaIterator(List.of(records).iterator()));
  }

  private static Tuple2<Long, byte[]> of(int slice, int worker, float value) {
    byte[] bytes =
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    return new Tuple2<>(SliceKey.of(slice, worker), bytes);
  }
}
