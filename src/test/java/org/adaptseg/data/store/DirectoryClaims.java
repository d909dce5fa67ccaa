package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** What holds of claims on every store. */
abstract class DirectoryClaims {
  private static final int AT_ONCE = 4;

  /** A directory of the store that no test has used. */
  abstract Path directory();

  /** Settings that lead to the store. */
  abstract Configuration settings();

  private Configuration quick() {
    Configuration settings = settings();
    settings.setLong(DirectoryClaim.BEAT, 300);
    settings.setLong(DirectoryClaim.SETTLE, 500);
    return settings;
  }

  private DirectoryClaim claim(Path directory) throws IOException {
    return DirectoryClaim.of(directory, quick(), note -> {});
  }

  @Test
  void ofSeveralClaimsAtOnceOneHoldsAndTheOthersNameItsProcess() throws Exception {
    requireOneOfSeveral(directory());
  }

  @Test
  void ofSeveralThatReplaceADeadClaimantOneHolds() throws Exception {
    Path directory = directory();
    write(new Path(directory, "owner-7.json"), gone().json());
    for (String sign : List.of("_owner-%s.alive", "__owner-%s.alive.next")) {
      write(new Path(directory, sign.formatted(gone().token())), new byte[0]);
    }
    requireOneOfSeveral(directory);
  }

  private void requireOneOfSeveral(Path directory) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    CyclicBarrier start = new CyclicBarrier(AT_ONCE);
    List<Configuration> settings = new ArrayList<>();
    List<Future<DirectoryClaim>> claims = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      Configuration own = quick();
      Callable<DirectoryClaim> claim =
          () -> {
            start.await();
            return DirectoryClaim.of(directory, own, note -> {});
          };
      settings.add(own);
      claims.add(threads.submit(claim));
    }
    List<DirectoryClaim> made = new ArrayList<>();
    List<Integer> makers = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      try {
        made.add(claims.get(i).get());
        makers.add(i);
      } catch (ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith("Cannot train in ")
            .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
            .hasMessageContaining(", since 20")
            .hasMessageContaining("choose another output.dir");
      }
    }
    int holding = 0;
    for (int i : makers) {
      try {
        WholeFile.write(new Path(directory, "file-" + i), new byte[1], settings.get(i));
        holding++;
      } catch (TakenOverException e) {
        // A store that told two that the claim is theirs has one of them; the other learns so here.
        assertThat(directory.getFileSystem(quick()).getUri().getScheme()).isEqualTo("s3a");
      }
    }
    threads.shutdown();
    assertThat(holding).isEqualTo(1);
    made.forEach(DirectoryClaim::close);
    assertThat(names(directory)).hasSize(1).allMatch(name -> name.startsWith("file-"));
  }

  @Test
  void aClaimantThatWasReplacedWritesAndDeletesNothingMoreThere() throws IOException {
    Path directory = directory();
    Path elsewhere = directory();
    Configuration settings = quick();
    Path kept = new Path(directory, "kept");
    try (DirectoryClaim unused = DirectoryClaim.of(directory, settings, note -> {})) {
      WholeFile.write(kept, bytes("mine"), settings);
      directory.getFileSystem(settings).delete(new Path(directory, "owner-1.json"), false);
      write(new Path(directory, "owner-2.json"), other("elsewhere", 300).json());

      for (Path file : List.of(kept, new Path(directory, "sub/directory/new"))) {
        assertThatThrownBy(() -> WholeFile.write(file, bytes("other"), settings))
            .isInstanceOf(TakenOverException.class)
            .hasMessageStartingWith("Cannot write to " + directory)
            .hasMessageContaining("found that of process 1 on elsewhere, since 20");
      }
      assertThatThrownBy(() -> WholeFile.delete(kept, settings))
          .isInstanceOf(TakenOverException.class);
      WholeFile.write(new Path(elsewhere, "other"), bytes("allowed"), settings);
    }
    assertThat(WholeFile.read(kept, 10, settings)).contains(bytes("mine"));
    assertThat(names(directory)).containsExactlyInAnyOrder("kept", "owner-2.json");
    WholeFile.write(kept, bytes("checked no more"), settings);
  }

  @Test
  void aClaimantElsewhereIsReplacedOnceItShowsNoLife() throws IOException {
    Path directory = directory();
    Claimant silent = other("silent", 600);
    write(new Path(directory, "_owner-" + silent.token() + ".alive"), bytes("last"));
    write(new Path(directory, "owner-1.json"), silent.json());
    List<String> notes = new ArrayList<>();
    try (DirectoryClaim unused = DirectoryClaim.of(directory, quick(), notes::add)) {
      assertThat(names(directory)).hasSize(2).contains("owner-2.json");
    }
    assertThat(String.join("\n", notes))
        .contains("to see whether a training lives: that of process 1 on silent, since 20");
  }

  @Test
  void aClaimantElsewhereThatShowsLifeIsNot() throws Exception {
    Path directory = directory();
    Claimant alive = other("busy", 2000);
    write(new Path(directory, "owner-1.json"), alive.json());
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<?> life =
        thread.submit(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                write(new Path(directory, "_owner-" + alive.token() + ".alive"), bytes("" + i));
                TimeUnit.MILLISECONDS.sleep(50);
              }
              return null;
            });
    assertThatThrownBy(() -> claim(directory))
        .hasMessageContaining("found that of process 1 on busy, since ");
    stop.set(true);
    life.get();
    thread.shutdown();
    assertThat(names(directory)).hasSize(2).contains("owner-1.json");
  }

  @Test
  void aClaimThatItsWriterDiedOverIsReplaced() throws IOException {
    Path directory = directory();
    write(new Path(directory, "owner-1.json"), bytes("{\"token\": \"0"));
    try (DirectoryClaim unused = claim(directory)) {
      assertThat(names(directory)).contains("owner-2.json").doesNotContain("owner-1.json");
    }
  }

  /** A process of this machine that has ended. */
  static Claimant gone() {
    Claimant here = Claimant.here(300);
    return new Claimant(
        "0-0", here.host(), 1L << 40, "1", here.machine(), here.user(), here.since(), 300);
  }

  private static Claimant other(String host, long beat) {
    return new Claimant("a-1", host, 1, "1", "", "", Instant.now().toString(), beat);
  }

  private void write(Path file, byte[] content) throws IOException {
    WholeFile.write(file, content, settings());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> names(Path directory) throws IOException {
    return Stream.of(directory.getFileSystem(settings()).listStatus(directory))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .toList();
  }
}
