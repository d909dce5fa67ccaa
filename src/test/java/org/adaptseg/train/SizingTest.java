package org.adaptseg.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.Phase;
import org.adaptseg.config.RunConfig;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.Test;

/** The estimates against the networks themselves, and the page for operators against them. */
class SizingTest {
  private static final Path PAGE = Path.of("docs", "operations.md");
  private static final Path PAPER = Path.of("conf", "gta5-to-cityscapes-multi.yaml");
  private static final int CLASSES = 19;
  private static final double GIB = 1L << 30;

  /** Room for what an estimate leaves out. */
  private static final double MARGIN = 1.25;

  private static final double TEN_GIGABIT = 1.25e9;

  /** A machine of the page: tera-operations a second that convolutions reach, as assumed there. */
  private record Row(String name, double teraflops, int threads, boolean gpu) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("CPU, 16 cores with AVX-512", 16 * 0.165, 16, false),
          new Row("T4, 16 GB", 0.4 * 8.1, 4, true),
          new Row("A10G, 24 GB", 0.4 * 31.2, 4, true),
          new Row("A100, 40 GB", 0.4 * 19.5, 4, true));

  @Test
  void theStateIsAsLargeAsTheNetworksSayUpToTheRunningStatistics() {
    RunConfig config = TinyRun.config("model.base-width=16", "model.discriminator-width=16");
    long values =
        TinyRun.run(Phase.SOURCE_ONLY, 1, config).state().vectors().stream()
            .mapToLong(vector -> vector.values().length)
            .sum();
    double estimate = MemoryEstimate.of(config, TinyRun.CLASSES).stateBytes();
    assertThat(estimate / (4 * values)).isBetween(0.97, 1.0);
  }

  @Test
  void aTeacherIsAThirdVectorOfTheGeneratorInStatesRoundsAndMemory() {
    RunConfig without = TinyRun.config();
    RunConfig with = TinyRun.config("schedule.phases.0.phase=self-training");
    MemoryEstimate alone = MemoryEstimate.of(without, TinyRun.CLASSES);
    MemoryEstimate taught = MemoryEstimate.of(with, TinyRun.CLASSES);
    long vector = 4 * alone.parameters();

    assertThat(taught.stateBytes() - alone.stateBytes()).isEqualTo(vector);
    assertThat(
            RoundEstimate.of(with, TinyRun.CLASSES).stateBytes()
                - RoundEstimate.of(without, TinyRun.CLASSES).stateBytes())
        .isEqualTo(vector);
    // Its vector, zeros, the kernels' weights; the probabilities of 2048 pixels.
    assertThat(taught.nativeBytes() - alone.nativeBytes())
        .isEqualTo(3 * vector + 4 * TinyRun.CLASSES * 2048);
    assertThat(taught.driverBytes() - alone.driverBytes()).isEqualTo(4 * vector);
  }

  @Test
  void theArithmeticOfResNet101IsThatOfTheConvolutionsCountedByHand() {
    // Counted layer by layer, without the discriminators: 0.515 TFLOP forward and backward for an
    // image of 512x256; the discriminators 0.06 for both levels.
    RunConfig config =
        load(
            "data.source.width=512",
            "data.source.height=256",
            "data.target.width=512",
            "data.target.height=256");
    RoundEstimate estimate = RoundEstimate.of(config, CLASSES);
    assertThat(estimate.flops() / 1e12).isCloseTo(2 * (0.515 + 0.06), within(0.1));
  }

  @Test
  void everySizeOfImageHasBuffersAndSamplesTakeTimeByTheirShare() {
    String split = "{dataset: synthetic-source, split: %s, width: %d, height: %d, weight: %s}";
    String two = split.formatted("train", 64, 32, "3") + ", ";
    RunConfig one = TinyRun.config();
    RunConfig mixed =
        TinyRun.config("data.source=[" + two + split.formatted("val", 128, 64, "1") + "]");
    MemoryEstimate small = MemoryEstimate.of(one, TinyRun.CLASSES);
    MemoryEstimate large = MemoryEstimate.of(mixed, TinyRun.CLASSES);

    assertThat(small.imageSizes()).isEqualTo(1);
    assertThat(large.imageSizes()).isEqualTo(2);
    // Sizes of 2048 and 8192 pixels in the source, of 2048 in the target.
    assertThat(large.sampleBytes()).isEqualTo(5 * (12 * (8192 + 2048) + 8192));
    assertThat(large.activationBytes()).isGreaterThan(2 * small.activationBytes());
    double alone = RoundEstimate.of(one, TinyRun.CLASSES).flops();
    // Of the source half, a quarter of the samples is four times as large.
    assertThat(RoundEstimate.of(mixed, TinyRun.CLASSES).flops() / alone)
        .isCloseTo((1 + 0.75 + 0.25 * 4) / 2, within(0.05));
  }

  @Test
  void cropsAreWhatCountsExceptWhereImagesAreDecoded() {
    RunConfig small = TinyRun.config();
    String crop = "{width: 64, height: 32}";
    RunConfig cropped =
        TinyRun.config(
            "data.source.width=256",
            "data.source.height=128",
            "data.target.width=128",
            "data.target.height=128",
            "data.source.crop=" + crop,
            "data.target.crop=" + crop,
            "data.cache-samples=3");
    MemoryEstimate of = MemoryEstimate.of(cropped, TinyRun.CLASSES);

    assertThat(of.imageSizes()).isEqualTo(1);
    assertThat(of.activationBytes())
        .isEqualTo(MemoryEstimate.of(small, TinyRun.CLASSES).activationBytes());
    // Three in the cache, one being decoded, one at work; three ready, of 2048 pixels each.
    int whole = 256 * 128;
    assertThat(of.sampleBytes())
        .isEqualTo(5 * (12 * (whole + 128 * 128) + whole) + 3 * (12 * (2048 + 2048) + 2048));
    assertThat(RoundEstimate.of(cropped, TinyRun.CLASSES).flops())
        .isEqualTo(RoundEstimate.of(small, TinyRun.CLASSES).flops());
  }

  @Test
  void averagingTakesTheShareThatTheIntervalWasChosenFor() {
    RoundEstimate estimate = new RoundEstimate(400_000_000, 400_000_000, 4, 8, 6e12);
    // 0.5 s + 3 * 0.4 GB at 1.25 GB/s = 1.46 s; 19 times that is 27.74 s of iterations.
    assertThat(estimate.averagingSeconds(TEN_GIGABIT)).isCloseTo(1.46, within(1e-9));
    assertThat(estimate.leastInterval(0.05, TEN_GIGABIT, 2)).isEqualTo(14);
    assertThat(estimate.networkBytes()).isEqualTo(3_200_000_000L);
    RoundEstimate half = new RoundEstimate(400_000_000, 200_000_000, 4, 8, 6e12);
    assertThat(half.averagingSeconds(TEN_GIGABIT)).isCloseTo(1.3, within(1e-9));
    assertThat(half.networkBytes()).isEqualTo(2_600_000_000L);
    assertThat(estimate.iterationsPerEpoch(10)).isEqualTo(3);
    assertThat(estimate.requestsPerEpoch(10)).isEqualTo(72);
  }

  @Test
  void thePageForOperatorsHasTheFiguresThatTheProgramComputes() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Row row : ROWS) {
      expected.add(line(row));
    }
    RoundEstimate round = RoundEstimate.of(load("cluster.workers=4"), CLASSES);
    expected.add(
        String.format(
            Locale.ROOT,
            "%.0f MB; a round of 4 workers sends %.1f GB; an epoch of GTA5 (24966 images) is %d"
                + " iterations, %d requests",
            round.stateBytes() / 1e6,
            round.networkBytes() / 1e9,
            round.iterationsPerEpoch(24_966),
            round.requestsPerEpoch(24_966)));
    expected.addAll(runs());
    assertThat(Files.readString(PAGE)).contains(expected);
  }

  /** What the run takes on T4s, of which an iteration and rounds are as assumed on the page. */
  private static List<String> runs() {
    RunConfig config = load();
    RoundEstimate round = RoundEstimate.of(config, CLASSES);
    RoundCost cost =
        new RoundCost(
            round.flops() / 1e12 / ROWS.get(1).teraflops(), round.averagingSeconds(TEN_GIGABIT));
    List<ClusterEstimate.Row> rows = new ClusterEstimate(config, round, cost).rows();
    List<String> lines = new ArrayList<>();
    for (ClusterEstimate.Row row : rows) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %d | %d | %d | %.1f | %.1f | %.0f %% | %.0f | %.1f |",
              row.workers(),
              row.iterations(),
              row.rounds(),
              row.hours(),
              rows.get(0).hours() / row.hours(),
              100 * row.averaging(),
              row.workerHours(),
              row.bytes() / 1e12));
    }
    return lines;
  }

  private static String line(Row row) {
    RunConfig config = load();
    MemoryEstimate memory = MemoryEstimate.of(config, CLASSES);
    RoundEstimate round = RoundEstimate.of(config, CLASSES);
    int heap = (int) Math.ceil(MARGIN * memory.heapBytes() / GIB);
    int beside = row.gpu() ? 6 : (int) Math.ceil(MARGIN * memory.nativeBytes() / GIB);
    double seconds = round.flops() / 1e12 / row.teraflops();
    return String.format(
        Locale.ROOT,
        "| %s | %dg | %dg | %s | %.1fG | %d | %.1f s | %d |",
        row.name(),
        heap,
        beside,
        row.gpu() ? String.format(Locale.ROOT, "%.1f GB", memory.gpuBytes() / GIB) : "none",
        0.9 * (heap + beside),
        row.threads(),
        seconds,
        round.leastInterval(0.05, TEN_GIGABIT, seconds));
  }

  private static RunConfig load(String... overrides) {
    try {
      List<String> all = new ArrayList<>(List.of(overrides));
      return ConfigLoader.load(Files.readString(PAPER), PAPER.toString(), all);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
