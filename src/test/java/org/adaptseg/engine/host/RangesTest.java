package org.adaptseg.engine.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangesTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1000})
  void everyPartRunsOnce(int parts) {
    AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, parts));

    Ranges.forEach(parts, () -> runs, (local, part) -> local.incrementAndGet(part));

    for (int i = 0; i < parts; i++) {
      assertThat(runs.get(i)).as("part %d", i).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 99})
  void whatAPartThrowsReachesTheCaller(int bad) {
    assertThatThrownBy(
            () ->
                Ranges.forEach(
                    100,
                    () -> "",
                    (local, part) -> {
                      if (part == bad) {
                        throw new ArithmeticException("part " + part);
                      }
                    }))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("part " + bad);
  }

  @Test
  void loopsFromSeveralThreadsDoNotMeet() throws InterruptedException {
    long[] sums = new long[4];
    Thread[] callers = new Thread[sums.length];
    for (int t = 0; t < callers.length; t++) {
      int own = t;
      callers[t] =
          new Thread(
              () -> {
                long[] values = new long[500];
                Ranges.forEach(500, () -> values, (local, part) -> local[part] = (long) part * own);
                sums[own] = java.util.Arrays.stream(values).sum();
              });
      callers[t].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    for (int t = 0; t < sums.length; t++) {
      assertThat(sums[t]).isEqualTo(t * 124_750L);
    }
  }
}
