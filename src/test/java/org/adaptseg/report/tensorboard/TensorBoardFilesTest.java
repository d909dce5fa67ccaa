package org.adaptseg.report.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.adaptseg.config.Phase;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.report.gallery.GalleryEntry;
import org.adaptseg.report.gallery.Picture;
import org.adaptseg.testing.LossTerms;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.RoundReport;
import org.adaptseg.train.RoundTimings;
import org.adaptseg.train.schedule.LearningRates;
import org.adaptseg.train.schedule.RoundPlan;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.Summary;
import org.tensorflow.hadoop.util.TFRecordReader;

/**
 * What others read of the files: the records by TensorFlow's reader, which checks the checksums,
 * the events by the Protocol Buffers library, their summaries by TensorFlow's generated class.
 */
class TensorBoardFilesTest {
  private static final List<String> CLASSES = List.of("road", "sky", "car");

  @TempDir Path directory;

  @Test
  void everyFileBeginsWithItsVersionAndTheTime() throws IOException {
    double before = System.currentTimeMillis() / 1000.0;
    TensorBoardFiles files = open();
    files.onStart(0, 4, List.of());
    round(files, Phase.SOURCE_ONLY, 0, 2);
    files.beforeCheckpoint(2);
    files.onEvaluation(2, matrix());
    double after = System.currentTimeMillis() / 1000.0;
    assertThat(files()).hasSize(2);
    for (Path file : files()) {
      List<ReadEvent> events = read(file);
      assertThat(events.get(0).version()).isEqualTo("brain.Event:2");
      assertThat(events).hasSizeGreaterThan(1);
      assertThat(events).allMatch(e -> e.time() >= before && e.time() <= after);
    }
  }

  @Test
  void iterationsAndRoundsAreScalarsAtTheirSteps() throws IOException {
    TensorBoardFiles files = open();
    files.onStart(0, 4, List.of());
    round(files, Phase.SOURCE_ONLY, 0, 2);
    round(files, Phase.ADVERSARIAL, 2, 1);
    files.onEnd(3);
    Map<String, String> scalars = scalars();
    assertThat(scalars)
        .containsEntry("segmentation/aux", "0=0.5 1=0.5 2=0.5 ")
        .containsEntry("segmentation/main", "0=0.0 1=1.0 2=2.0 ")
        .containsEntry("adversarial/main", "2=0.25 ")
        .containsEntry("discriminator/main", "2=1.5 ")
        .containsEntry("discriminator/aux", "2=0.75 ")
        .containsEntry("learning_rate/generator", "0=0.01 1=0.00999 2=0.00998 ")
        .containsEntry("learning_rate/heads", "0=0.1 1=0.0999 2=0.0998 ")
        .containsEntry("learning_rate/discriminator", "2=0.003992 ")
        .containsEntry("round/seconds", "1=1.5 2=1.5 ")
        .containsEntry("round/step_seconds", "1=1.25 2=1.25 ")
        .containsEntry("round/input_wait_seconds", "1=0.25 2=0.25 ")
        .containsEntry("round/bytes_averaged", "1=4096.0 2=4096.0 ")
        .containsEntry("round/samples_decoded", "1=7.0 2=7.0 ")
        .containsEntry("divergence/generator", "1=0.5 2=0.5 ");
    // The auxiliary adversarial loss was no number.
    assertThat(scalars).hasSize(14).doesNotContainKey("adversarial/aux");
  }

  @Test
  void aTermThatNobodyKnowsIsAScalarByItsName() throws IOException {
    TensorBoardFiles files = open();
    files.onStart(0, 4, List.of());
    files.onRound(
        new RoundPlan(0, Phase.SOURCE_ONLY, 3, 1, 0),
        List.of(new RoundReport.Iteration(3, new LossTerms().term("consistency", 0.5, 2).losses())),
        new RoundTimings(1.5, 1.25, 0.25, 2, 4096, 7));
    files.onEnd(4);
    assertThat(scalars())
        .containsEntry("consistency/aux", "3=0.5 ")
        .containsEntry("consistency/main", "3=2.0 ");
  }

  @Test
  void anEvaluationHasItsScoresAndAPictureOfTheMatrix() throws IOException {
    TensorBoardFiles files = open();
    files.onStart(0, 4, List.of());
    files.onEvaluation(4, matrix());
    assertThat(scalars())
        .containsOnly(
            Map.entry("evaluation/miou", "4=0.375 "),
            Map.entry("evaluation/pixel_accuracy", "4=0.75 "),
            Map.entry("evaluation/frequency_weighted_iou", "4=0.75 "),
            Map.entry("evaluation/calibration_error", "4=0.25 "),
            Map.entry("iou/road", "4=0.75 "),
            Map.entry("iou/sky", "4=0.0 "),
            Map.entry("precision/road", "4=1.0 "),
            Map.entry("precision/sky", "4=0.0 "),
            Map.entry("recall/road", "4=0.75 "),
            Map.entry("f1/road", "4=0.85714287 "),
            Map.entry("f1/sky", "4=0.0 "));
    List<ReadEvent> events = read(files().get(0));
    Summary.Value value =
        events.get(1).summary().getValueList().stream()
            .filter(v -> v.getTag().equals("evaluation/confusion"))
            .findAny()
            .orElseThrow();
    Summary.Image image = value.getImage();
    BufferedImage picture =
        ImageIO.read(new ByteArrayInputStream(image.getEncodedImageString().toByteArray()));
    assertThat(image.getColorspace()).isEqualTo(3);
    assertThat(picture.getWidth()).isEqualTo(image.getWidth()).isEqualTo(318);
    assertThat(picture.getHeight()).isEqualTo(image.getHeight()).isEqualTo(318);
    // Row road: three quarters road, a quarter sky, no car. Rows sky and car have no pixels.
    assertThat(rgb(picture, 53, 53)).isEqualTo("466490");
    assertThat(rgb(picture, 159, 53)).isEqualTo("c1cbda");
    assertThat(rgb(picture, 265, 53)).isEqualTo("ffffff");
    assertThat(rgb(picture, 53, 159)).isEqualTo("e0e0e0");
    assertThat(rgb(picture, 317, 317)).isEqualTo("e0e0e0");
  }

  @Test
  void picturesOfTheEvaluatedStateAreThereAndTheirFailureIsNone() throws IOException {
    LearnerState state = new LearnerState(List.of());
    TensorBoardFiles files =
        open(
            (iteration, evaluated) -> {
              if (iteration == 12) {
                throw new IllegalStateException("no memory");
              }
              assertThat(evaluated).isSameAs(state);
              Picture picture = new Picture("png", 3, 2, new byte[] {7});
              var entropy = List.of(new GalleryEntry.LevelMap("main", picture, 0.5));
              return List.of(new GalleryEntry("s", picture, picture, picture, 0.5, entropy));
            });
    files.onStart(0, 12, List.of());
    for (long iteration = 4; iteration <= 12; iteration += 4) {
      files.onEvaluationStart(iteration, 5, state);
      files.onEvaluation(iteration, matrix());
    }

    List<String> images = new ArrayList<>();
    for (Path file : files()) {
      for (ReadEvent event : read(file)) {
        for (Summary.Value value : event.summary().getValueList()) {
          if (value.hasImage()) {
            Summary.Image image = value.getImage();
            images.add(
                "%d %s %dx%d"
                    .formatted(event.step(), value.getTag(), image.getWidth(), image.getHeight()));
          }
        }
      }
    }
    assertThat(images)
        .containsExactly(
            "4 evaluation/confusion 318x318",
            "4 image_1/image 3x2",
            "4 image_1/truth 3x2",
            "4 image_1/prediction 3x2",
            "4 image_1/entropy_main 3x2",
            "8 evaluation/confusion 318x318",
            "8 image_1/prediction 3x2",
            "8 image_1/entropy_main 3x2",
            "12 evaluation/confusion 318x318");
    assertThat(scalars()).containsEntry("evaluation/miou", "4=0.375 8=0.375 12=0.375 ");
  }

  @Test
  void aResumedRunHasEveryStepOnce() throws IOException {
    TensorBoardFiles first = open();
    first.onStart(0, 8, List.of());
    round(first, Phase.ADVERSARIAL, 0, 2);
    first.beforeCheckpoint(2);
    round(first, Phase.ADVERSARIAL, 2, 2);
    first.beforeCheckpoint(4);
    first.onEvaluation(4, matrix());
    round(first, Phase.ADVERSARIAL, 4, 2);
    first.onFailure(new IllegalStateException("power cut"));
    assertThat(scalars().get("segmentation/main")).startsWith("0=0.0 1=1.0 2=2.0 3=3.0 4=4.0 5");

    TensorBoardFiles second = open();
    second.onStart(4, 8, List.of());
    second.onEvaluation(4, matrix());
    round(second, Phase.ADVERSARIAL, 4, 4);
    second.onEnd(8);
    assertThat(scalars())
        .containsEntry("segmentation/main", "0=0.0 1=1.0 2=2.0 3=3.0 4=4.0 5=5.0 6=6.0 7=7.0 ")
        .containsEntry("evaluation/miou", "4=0.375 ");
  }

  @Test
  void aClockThatGoesBackPutsNoFileBeforeThoseThatAreThere() throws IOException {
    Path before = directory.resolve("events.out.tfevents.9000000000.adaptseg.000000000-0");
    Files.writeString(before, "of before");
    TensorBoardFiles files = open();
    files.onStart(2, 4, List.of());
    round(files, Phase.ADVERSARIAL, 2, 2);
    files.onEnd(4);

    try (Stream<Path> found = Files.list(directory)) {
      assertThat(found.map(file -> file.getFileName().toString()).filter(n -> !n.endsWith(".crc")))
          .hasSize(2)
          .allMatch(name -> name.compareTo(before.getFileName().toString()) >= 0);
    }
  }

  @Test
  void othersFilesAreLeftAlone() throws IOException {
    Path other = directory.resolve("events.out.tfevents.1700000000.host");
    Files.writeString(other, "another program's");
    open().onStart(0, 4, List.of());
    assertThat(other).hasContent("another program's");
  }

  private TensorBoardFiles open() throws IOException {
    return open((iteration, state) -> List.of());
  }

  private TensorBoardFiles open(StatePictures pictures) throws IOException {
    return new TensorBoardFiles(
        new org.apache.hadoop.fs.Path(directory.toUri()),
        new Configuration(),
        LearningRates.of(
            TinyRun.config(
                "optimizer.generator.learning-rate=0.01",
                "optimizer.discriminator.learning-rate=0.004",
                "optimizer.decay.power=1",
                "optimizer.decay.total-iterations=1000")),
        CLASSES,
        pictures);
  }

  private static void round(TensorBoardFiles files, Phase phase, long first, int iterations) {
    List<RoundReport.Iteration> losses = new ArrayList<>();
    for (long i = first; i < first + iterations; i++) {
      LossTerms terms =
          new LossTerms()
              .term("segmentation", 0.5, i)
              .term("adversarial", Double.NaN, 0.25)
              .term("discriminator", 0.75, 1.5)
              .in(phase);
      losses.add(new RoundReport.Iteration(i, terms.losses()));
    }
    RoundTimings timings = new RoundTimings(1.5, 1.25, 0.25, 2, 4096, 7, Map.of("generator", 0.5));
    files.onRound(new RoundPlan(0, phase, first, iterations, 0), losses, timings);
  }

  private static ConfusionMatrix matrix() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(
        new byte[] {0, 0, 0, 0, -1}, new byte[] {0, 0, 0, 1, 2}, new float[] {1, 1, 1, 1, 1});
    return matrix;
  }

  /** In the order in which TensorBoard reads them. */
  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(f -> f.getFileName().toString().startsWith("events.out.tfevents."))
          .sorted()
          .toList();
    }
  }

  /** The fields of event.proto. */
  private record ReadEvent(double time, long step, String version, Summary summary) {
    static ReadEvent parse(byte[] record) throws IOException {
      UnknownFieldSet fields = UnknownFieldSet.parseFrom(record);
      assertThat(fields.asMap().keySet()).isSubsetOf(1, 2, 3, 5);
      List<ByteString> versions = fields.getField(3).getLengthDelimitedList();
      List<ByteString> summaries = fields.getField(5).getLengthDelimitedList();
      assertThat(versions.size() + summaries.size()).as("one of the two").isEqualTo(1);
      List<Long> steps = fields.getField(2).getVarintList();
      return new ReadEvent(
          Double.longBitsToDouble(fields.getField(1).getFixed64List().get(0)),
          steps.isEmpty() ? 0 : steps.get(0),
          versions.isEmpty() ? "" : versions.get(0).toStringUtf8(),
          summaries.isEmpty()
              ? Summary.getDefaultInstance()
              : Summary.parseFrom(summaries.get(0).toByteArray()));
    }
  }

  private static List<ReadEvent> read(Path file) throws IOException {
    List<ReadEvent> events = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      TFRecordReader reader = new TFRecordReader(in, true);
      for (byte[] record = reader.read(); record != null; record = reader.read()) {
        events.add(ReadEvent.parse(record));
      }
    }
    return events;
  }

  /** Steps and values by tag, in the order of the files. */
  private Map<String, String> scalars() throws IOException {
    Map<String, String> scalars = new TreeMap<>();
    for (Path file : files()) {
      for (ReadEvent event : read(file)) {
        for (Summary.Value value : event.summary().getValueList()) {
          if (value.getValueCase() == Summary.Value.ValueCase.SIMPLE_VALUE) {
            scalars.merge(
                value.getTag(), event.step() + "=" + value.getSimpleValue() + " ", String::concat);
          }
        }
      }
    }
    return scalars;
  }

  private static String rgb(BufferedImage image, int x, int y) {
    return "%06x".formatted(image.getRGB(x, y) & 0xFFFFFF);
  }
}
