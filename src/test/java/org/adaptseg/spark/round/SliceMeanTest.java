package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SliceMeanTest {
  @Test
  void sumsInDoubleFromTheFirstWorkerOn() {
    SliceMean mean = new SliceMean(3);
    mean.begin(0);
    // In float32 2^24 + 1 + 1 stays 2^24; exactly it is 16777218, a third of it 5592406.
    mean.add(0, bytes(16_777_216f, 1f, -0.0f));
    mean.add(1, bytes(1f, 2f, -0.0f));
    mean.add(2, bytes(1f, 6f, -0.0f));
    assertThat(mean.mean()).isEqualTo(bytes(5_592_406f, 3f, -0.0f));
  }

  /** The rule divides; powers of two may multiply, which must not be seen. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 8, 16, 64})
  void dividesToTheBitForAnyNumberOfWorkers(int workers) {
    SplittableRandom random = new SplittableRandom(workers);
    float[][] states = new float[workers][20_000];
    for (float[] state : states) {
      for (int i = 0; i < state.length; i++) {
        // Every kind of number: subnormal, infinite, not a number. Large ones overflow together.
        state[i] = Float.intBitsToFloat(random.nextInt());
      }
      state[0] = Float.MAX_VALUE;
      state[1] = Float.MIN_VALUE;
    }
    SliceMean mean = new SliceMean(workers);
    mean.begin(0);
    float[] expected = new float[20_000];
    for (int i = 0; i < expected.length; i++) {
      double sum = states[0][i];
      for (int worker = 1; worker < workers; worker++) {
        sum += states[worker][i];
      }
      expected[i] = (float) (sum / workers);
    }
    for (int worker = 0; worker < workers; worker++) {
      mean.add(worker, bytes(states[worker]));
    }
    float[] found = new float[expected.length];
    mean.mean(FloatBuffer.wrap(found));
    assertThat(found).isEqualTo(expected);
    assertThat(found[0]).isEqualTo(Float.MAX_VALUE);
  }

  @Test
  void aWorkerOutOfTurnIsAnError() {
    SliceMean mean = new SliceMean(2);
    mean.begin(4);
    assertThatThrownBy(() -> mean.add(1, bytes(1f)))
        .hasMessage(
            "Cannot average slice 4: expected the part of worker 0 of 2, found that of worker 1");
    mean.add(0, bytes(1f));
    assertThatThrownBy(mean::mean)
        .hasMessage("Cannot average slice 4: expected 2 workers, found 1");
    assertThatThrownBy(() -> mean.add(1, bytes(1f, 2f)))
        .hasMessage("Cannot average slice 4: expected 1 values, found 2 (worker 1)");
  }

  @Test
  void keepsNothingOfTheSliceBefore() {
    SliceMean mean = new SliceMean(1);
    mean.begin(0);
    mean.add(0, bytes(1f, 2f, 3f));
    assertThat(mean.mean()).isEqualTo(bytes(1f, 2f, 3f));
    mean.begin(1);
    assertThatThrownBy(mean::mean)
        .hasMessage("Cannot average slice 1: expected 1 workers, found 0");
    mean.add(0, bytes(4f, 5f));
    assertThat(mean.mean()).isEqualTo(bytes(4f, 5f));
  }

  private static byte[] bytes(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
