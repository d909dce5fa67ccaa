package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.dataset.FileIndex;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.ImageDecoder;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.StoreRetries;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FutureDataInputStreamBuilder;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading ahead, as the file system sees it. */
@Timeout(60)
class FileSplitTest {
  private static final int SIZE = 4;

  /** The local file system, which remembers what was opened and refuses one file. */
  public static final class WatchedFiles extends LocalFileSystem {
    private static final List<String> OPENED = new ArrayList<>(); // guarded by itself
    private static volatile String refused = "";

    @Override
    public FutureDataInputStreamBuilder openFile(org.apache.hadoop.fs.Path path)
        throws IOException {
      String name = path.getParent().getName() + "/" + path.getName();
      synchronized (OPENED) {
        OPENED.add(name);
        OPENED.notifyAll();
      }
      if (name.equals(refused)) {
        throw new IOException("refused");
      }
      return super.openFile(path);
    }

    private static List<String> opened() {
      synchronized (OPENED) {
        return List.copyOf(OPENED);
      }
    }

    private static void await(String... names) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      synchronized (OPENED) {
        while (!OPENED.containsAll(List.of(names))) {
          long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
          assertThat(left).as("expected %s within 30 s, found %s", names, OPENED).isPositive();
          OPENED.wait(left);
        }
      }
    }
  }

  @TempDir Path directory;
  private Configuration hadoop;

  @BeforeEach
  void write() throws IOException {
    hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", WatchedFiles.class, org.apache.hadoop.fs.FileSystem.class);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    hadoop.setInt(StoreRetries.ATTEMPTS, 2);
    hadoop.setInt(StoreRetries.PAUSE, 0);
    new SyntheticWriter(hadoop, 1, 96, 64)
        .writeGta5(
            directory.toUri().toString(),
            new SyntheticWriter.Streets(StreetDomain.SOURCE.appearance(), 0, SIZE));
  }

  private SplitPlan.Files plan() throws IOException {
    RunConfig.Domain domain =
        new RunConfig.Domain("gta5", directory.toUri().toString(), "all", 64, 32, "");
    return (SplitPlan.Files)
        SplitPlan.prepare(
            ResolvedData.dataset("gta5"),
            domain,
            ResolvedData.labelSpace("synthetic-8"),
            SplitPlan.Labels.NEEDED,
            1,
            1_000_000,
            Normalisation.CAFFE,
            hadoop);
  }

  /** After listing; what was opened before is forgotten. */
  private Split open() throws IOException {
    Split split = plan().open(hadoop);
    WatchedFiles.refused = "";
    synchronized (WatchedFiles.OPENED) {
      WatchedFiles.OPENED.clear();
    }
    return split;
  }

  @Test
  void aFileThatIsNoLongerTheOneThatWasIngestedIsRefusedWhenItIsRead() throws IOException {
    SplitPlan.Files listed = plan();
    FileIndex.Entry first = listed.index().entries().get(0);
    Path label = directory.resolve(first.label());
    FileIndex.Entry ingested =
        new FileIndex.Entry(
            first.image(),
            first.label(),
            first.imageBytes(),
            first.labelBytes(),
            Sha256.of(Files.readAllBytes(directory.resolve(first.image()))),
            Sha256.of(Files.readAllBytes(label)));
    FileIndex index = new FileIndex("gta5", listed.index().root(), true, List.of(ingested));
    try (Split split =
        new FileSplit(
            index,
            listed.labelMap(),
            new ImageDecoder(1_000_000),
            64,
            32,
            Normalisation.CAFFE,
            Image.Form.VALUES,
            hadoop)) {
      assertThat(split.labelled(0).labels().width()).isEqualTo(64);
      // As long as it was, and another.
      Files.copy(
          directory.resolve(listed.index().entries().get(1).label()),
          label,
          StandardCopyOption.REPLACE_EXISTING);

      assertThatThrownBy(() -> split.labelled(0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected the file that ingest read (SHA-256 ")
          .hasMessageContaining(first.label());
      assertThat(split.unlabelled(0).image().width()).isEqualTo(64);
    }
  }

  @Test
  void anAnnouncedSampleIsFetchedBeforeItIsAskedForAndOnlyOnce() throws Exception {
    try (Split split = open();
        Split plain = open()) {
      split.announce(1, true);
      WatchedFiles.await("images/00002.png", "labels/00002.png");
      Sample.Labelled sample = split.labelled(1);

      assertThat(WatchedFiles.opened())
          .containsExactlyInAnyOrder("images/00002.png", "labels/00002.png");
      assertThat(sample.image().chw()).isEqualTo(plain.labelled(1).image().chw());
      assertThat(sample.labels().values()).isEqualTo(plain.labelled(1).labels().values());
    }
  }

  @Test
  void theLabelIsNotFetchedWhereTheImageAloneIsAnnounced() throws Exception {
    try (Split split = open()) {
      split.announce(2, false);
      WatchedFiles.await("images/00003.png");
      split.unlabelled(2);
      assertThat(WatchedFiles.opened()).containsExactly("images/00003.png");
    }
  }

  @Test
  void thePrefetcherFetchesTheNextSampleWhileOneIsDecoded() throws Exception {
    CountDownLatch decoded = new CountDownLatch(1);
    List<float[]> expected = new ArrayList<>();
    try (Split plain = open()) {
      for (int i = 0; i < SIZE; i++) {
        expected.add(plain.labelled(i).image().chw());
      }
    }
    Prefetcher.Reader<Sample.Labelled> slow =
        (of, place, index) -> {
          Sample.Labelled sample = of.labelled(index);
          if (place == 0) {
            try {
              assertThat(decoded.await(40, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
          return sample;
        };
    try (Split split = open();
        Prefetcher<Sample.Labelled> samples =
            new Prefetcher<>(
                Prefetcher.loader(split, place -> (int) place, true, slow), SIZE, 1, 2)) {
      WatchedFiles.await("images/00002.png", "labels/00002.png");
      decoded.countDown();
      for (float[] image : expected) {
        assertThat(samples.next().image().chw()).isEqualTo(image);
      }
      assertThat(WatchedFiles.opened()).hasSize(2 * SIZE).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatFailsAheadIsToldWhereTheSampleIsReadAsIfItHadNotBeenAnnounced() throws Exception {
    try (Split split = open()) {
      WatchedFiles.refused = "images/00002.png";
      split.announce(1, true);
      WatchedFiles.await("images/00002.png");
      split.labelled(0);

      assertThatThrownBy(() -> split.labelled(1))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read file:")
          .hasMessageEndingWith("images/00002.png: refused (attempt 2 of 2)");
      assertThat(WatchedFiles.opened()).filteredOn("images/00002.png"::equals).hasSize(2);
    }
  }
}
