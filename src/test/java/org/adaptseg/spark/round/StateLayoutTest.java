package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.adaptseg.spark.task.FloatBlock;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.LearnerState.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateLayoutTest {
  private static final LearnerState STATE =
      new LearnerState(
          List.of(
              new Vector("a", new float[] {1, 2, 3}),
              new Vector("empty", new float[0]),
              new Vector("b", new float[] {-0.0f, Float.NaN, 6, 7})));

  @Test
  void aSliceSpansVectors() {
    StateLayout layout = StateLayout.of(STATE, 2, 1);
    assertThat(floats(encode(layout, 0))).containsExactly(1, 2, 3);
    assertThat(floats(encode(layout, 1))).containsExactly(-0.0f, Float.NaN, 6, 7);
    assertThat(floats(encode(StateLayout.of(STATE, 3, 1), 1))).containsExactly(3, -0.0f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 20})
  void slicesPutTogetherAreTheState(int slices) {
    StateLayout layout = StateLayout.of(STATE, slices, 1);
    LearnerState copy = layout.allocate();
    for (int slice = slices - 1; slice >= 0; slice--) {
      layout.decode(encode(layout, slice), slice, copy);
    }
    for (int i = 0; i < STATE.vectors().size(); i++) {
      assertThat(copy.vectors().get(i).name()).isEqualTo(STATE.vectors().get(i).name());
      assertThat(copy.vectors().get(i).values()).isEqualTo(STATE.vectors().get(i).values());
    }
  }

  @Test
  void refusesASliceLargerThanAnArrayAndSaysHowManyAreNeeded() {
    List<Integer> lengths = List.of(1 << 30, 1 << 30);
    assertThatThrownBy(() -> new StateLayout(List.of("a", "b"), lengths, 4, 1))
        .hasMessageContaining("expected at least 5 slices, found 4 (cluster.slices)");
    StateLayout layout = new StateLayout(List.of("a", "b"), lengths, 5, 1);
    assertThat(layout.start(5)).isEqualTo(1L << 31);
  }

  @Test
  void refusesAPartLargerThanAnArrayHoweverSmallItsSlices() {
    List<Integer> lengths = List.of(1 << 30, 1 << 30);
    assertThatThrownBy(() -> new StateLayout(List.of("a", "b"), lengths, 4, 8192))
        .hasMessageContaining("expected at least 5 slices, found 4 (cluster.slices)");
  }

  @Test
  void refusesAStateOfOtherVectors() {
    StateLayout layout = StateLayout.of(STATE, 2, 1);
    LearnerState other = new LearnerState(List.of(new Vector("a", new float[7])));
    assertThatThrownBy(() -> layout.require(other, "worker 1"))
        .hasMessage(
            "Cannot average states: expected vectors [a[3], empty[0], b[4]], found [a[7]] (worker"
                + " 1)");
  }

  private static byte[] encode(StateLayout layout, int slice) {
    StateSlice written = new StateSlice(layout, STATE, STATE, slice);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      written.write(new DataOutputStream(bytes), new FloatBlock());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(bytes.size()).isEqualTo(written.length());
    return bytes.toByteArray();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
