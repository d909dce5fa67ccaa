package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PrefetcherTest {
  @Test
  void samplesComeInOrderThoughReadersFinishOutOfOrder() throws IOException {
    Prefetcher.Loader<Long> slowFirst =
        step -> {
          pause(step % 3 == 0 ? 15 : 0);
          return step;
        };
    try (Prefetcher<Long> prefetcher = new Prefetcher<>(slowFirst, 30, 3, 5)) {
      for (long step = 0; step < 30; step++) {
        assertThat(prefetcher.next()).isEqualTo(step);
      }
      assertThatThrownBy(prefetcher::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void noMoreThanTheStatedNumberIsReadAhead() throws Exception {
    AtomicInteger started = new AtomicInteger();
    CountDownLatch four = new CountDownLatch(4);
    Prefetcher.Loader<Integer> counting =
        step -> {
          four.countDown();
          return started.incrementAndGet();
        };
    try (Prefetcher<Integer> prefetcher = new Prefetcher<>(counting, 100, 2, 4)) {
      assertThat(four.await(10, TimeUnit.SECONDS)).isTrue();
      pause(50);
      assertThat(started).hasValue(4);
      prefetcher.next();
      pause(50);
      assertThat(started).hasValue(5);
    }
  }

  @Test
  void samplesAreAnnouncedOneByOneAndReadTwoAtATimeWhereOneThreadHasOthersToRead()
      throws Exception {
    AtomicInteger announced = new AtomicInteger();
    AtomicInteger started = new AtomicInteger();
    Prefetcher.Loader<Integer> counting =
        new Prefetcher.Loader<>() {
          @Override
          public Integer load(long step) {
            return started.incrementAndGet();
          }

          @Override
          public void announce(long step) {
            announced.incrementAndGet();
          }
        };
    try (Prefetcher<Integer> prefetcher = new Prefetcher<>(counting, 7, 1, 4)) {
      List<String> seen = new ArrayList<>();
      for (int taken = 1; taken <= 7; taken++) {
        assertThat(prefetcher.next()).isEqualTo(taken);
        pause(50);
        seen.add(announced + "/" + started);
      }
      assertThat(seen).containsExactly("5/4", "6/6", "7/7", "7/7", "7/7", "7/7", "7/7");
    }
  }

  @Test
  void anErrorComesInItsTurnAndLaterSamplesCanStillBeTaken() throws IOException {
    Prefetcher.Loader<Long> failing =
        step -> {
          if (step == 1) {
            throw new IOException("Cannot read b.png");
          }
          return step;
        };
    try (Prefetcher<Long> prefetcher = new Prefetcher<>(failing, 3, 2, 3)) {
      assertThat(prefetcher.next()).isZero();
      assertThatThrownBy(prefetcher::next)
          .isInstanceOf(IOException.class)
          .hasMessage("Cannot read b.png");
      assertThat(prefetcher.next()).isEqualTo(2);
    }
  }

  @Test
  void closingWakesAWaitingReader() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch reading = new CountDownLatch(1);
    Prefetcher.Loader<Long> stuck =
        step -> {
          reading.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
          }
          return step;
        };
    Prefetcher<Long> prefetcher = new Prefetcher<>(stuck, 10, 1, 4);
    assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Throwable> waiter =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                prefetcher.next();
                return null;
              } catch (IOException | RuntimeException e) {
                return e;
              }
            });
    pause(30);
    prefetcher.close();
    assertThat(waiter.get(10, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(prefetcher::next).isInstanceOf(IllegalStateException.class);
    prefetcher.close();
  }

  @Test
  void anErrorNamesTheSampleOfTheSplit() throws IOException {
    Split split = new FailingSplit();
    try (Prefetcher<Sample.Labelled> prefetcher = Prefetcher.labelled(split, step -> 1, 1, 1, 1)) {
      assertThatThrownBy(prefetcher::next).hasMessage("Cannot read sample s1 (index 1): broken");
    }
  }

  @Test
  void anAnnouncementThatFailsHarmsNothing() throws IOException {
    Prefetcher.Loader<Long> loader =
        new Prefetcher.Loader<>() {
          @Override
          public Long load(long step) {
            return step;
          }

          @Override
          public void announce(long step) {
            throw new IllegalStateException("no announcements");
          }
        };
    try (Prefetcher<Long> prefetcher = new Prefetcher<>(loader, 3, 1, 2)) {
      for (long step = 0; step < 3; step++) {
        assertThat(prefetcher.next()).isEqualTo(step);
      }
    }
  }

  private record FailingSplit() implements Split {
    @Override
    public int size() {
      return 2;
    }

    @Override
    public String id(int index) {
      return "s" + index;
    }

    @Override
    public Sample.Labelled labelled(int index) throws IOException {
      throw new IOException("broken");
    }

    @Override
    public Sample.Unlabelled unlabelled(int index) throws IOException {
      throw new IOException("broken");
    }

    @Override
    public RgbImage pixels(int index) throws IOException {
      throw new IOException("broken");
    }

    @Override
    public LabelImage originalLabels(int index) throws IOException {
      throw new IOException("broken");
    }

    @Override
    public void close() {}
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
