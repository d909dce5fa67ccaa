package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadAheadTest {
  private static final Path FILE = new Path("file:/a.png");
  private static final byte[] EARLY = {1};
  private static final byte[] LATE = {2};

  private static byte[] never() throws IOException {
    throw new IOException("read again");
  }

  private static byte[] stuck(CountDownLatch begun) throws IOException {
    begun.countDown();
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    return EARLY;
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).as("begun within 20 s").isTrue();
  }

  @Test
  void anAnnouncedFileIsReadOnceAndTheNextTimeAnew() throws Exception {
    try (ReadAhead ahead = new ReadAhead()) {
      ahead.announce(FILE, () -> EARLY);
      ahead.announce(FILE, ReadAheadTest::never);

      assertThat(ahead.take(FILE, ReadAheadTest::never)).isEqualTo(EARLY);
      assertThat(ahead.take(FILE, () -> LATE)).isEqualTo(LATE);
    }
  }

  @Test
  void whatNoThreadHasBegunIsReadByWhoTakesIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(ReadAhead.THREADS);
    try (ReadAhead ahead = new ReadAhead()) {
      for (int i = 0; i < ReadAhead.THREADS; i++) {
        ahead.announce(new Path("file:/stuck-" + i), () -> stuck(begun));
      }
      await(begun);
      CompletableFuture<Thread> reader = new CompletableFuture<>();
      ahead.announce(
          FILE,
          () -> {
            reader.complete(Thread.currentThread());
            return EARLY;
          });

      assertThat(ahead.take(FILE, ReadAheadTest::never)).isEqualTo(EARLY);
      assertThat(reader.get()).isSameAs(Thread.currentThread());
    }
  }

  @Test
  void filesAreHeldUpToABoundAndThoseThatNobodyTookMakeRoomInTime() throws Exception {
    try (ReadAhead ahead = new ReadAhead()) {
      for (int i = 0; i < ReadAhead.MOST_FILES; i++) {
        ahead.announce(new Path("file:/" + i), () -> EARLY);
      }
      ahead.announce(FILE, () -> EARLY);
      assertThat(ahead.take(FILE, () -> LATE)).as("not held").isEqualTo(LATE);
      assertThat(ahead.take(new Path("file:/1"), () -> LATE)).as("held").isEqualTo(EARLY);

      ahead.announce(new Path("file:/1"), () -> EARLY);
      for (int i = 0; i < ReadAhead.OLD; i++) {
        ahead.announce(FILE, () -> EARLY);
      }
      assertThat(ahead.take(FILE, () -> LATE)).as("held at last").isEqualTo(EARLY);
      assertThat(ahead.take(new Path("file:/0"), () -> LATE)).as("dropped").isEqualTo(LATE);
      assertThat(ahead.take(new Path("file:/2"), () -> LATE)).as("held still").isEqualTo(EARLY);
    }
  }

  @Test
  void aFailureComesToWhoTakesTheFileUnlessItIsAnnouncedAgain() throws Exception {
    try (ReadAhead ahead = new ReadAhead()) {
      ahead.announce(
          FILE,
          () -> {
            throw new IOException("broken");
          });
      assertThatThrownBy(() -> ahead.take(FILE, () -> LATE))
          .isInstanceOf(IOException.class)
          .hasMessage("broken");

      ahead.announce(FILE, ReadAheadTest::never);
      CountDownLatch mended = new CountDownLatch(1);
      for (int i = 0; i < 2000 && mended.getCount() > 0; i++) { // until the first one has failed
        ahead.announce(
            FILE,
            () -> {
              mended.countDown();
              return EARLY;
            });
        mended.await(10, TimeUnit.MILLISECONDS);
      }
      assertThat(ahead.take(FILE, () -> LATE)).isEqualTo(EARLY);
    }
  }

  @Test
  void closingEndsTheThreadsAndFilesCanStillBeRead() throws Exception {
    CompletableFuture<Thread> fetcher = new CompletableFuture<>();
    ReadAhead ahead = new ReadAhead();
    ahead.announce(
        FILE,
        () -> {
          fetcher.complete(Thread.currentThread());
          return stuck(new CountDownLatch(1));
        });
    Thread thread = fetcher.get(20, TimeUnit.SECONDS);
    assertThat(thread.isDaemon()).isTrue();

    ahead.close();

    thread.join(20_000);
    assertThat(thread.isAlive()).isFalse();
    ahead.announce(FILE, () -> EARLY);
    assertThat(ahead.take(FILE, () -> LATE)).isEqualTo(LATE);
    ahead.close();
  }
}
