package org.adaptseg.spark.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.SplitListing;
import org.adaptseg.data.image.LabelReading;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.spark.round.RoundRunnerTest;
import org.adaptseg.testing.DatasetFixtures;
import org.adaptseg.testing.LocalSpark;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestStoreTest {
  private static final Configuration HADOOP = new Configuration();
  private static LocalSpark spark;

  @TempDir static Path root;
  @TempDir Path own;

  @BeforeAll
  static void start() throws IOException {
    // Task results go through the serializer that the job is deployed with.
    spark =
        LocalSpark.start(
            "local[2]", Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer"));
    DatasetFixtures.gta5(root);
    DatasetFixtures.write(root.resolve("images/00011.png"), DatasetFixtures.picture(0, 40, 20));
    DatasetFixtures.write(
        root.resolve("labels/00011.png"), DatasetFixtures.grey(List.of(7, 99), 0, 40, 20));
    Files.writeString(root.resolve("images/00012.png"), "no image");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static Manifest ingest() throws IOException {
    DatasetDescription.Files gta5 = (DatasetDescription.Files) ResolvedData.dataset("gta5");
    SplitListing listing = SplitListing.of(gta5, root.toString(), "all", true, HADOOP);
    return new DistributedIngest(spark.session(), new HadoopSettings(HADOOP))
        .run(listing, gta5.labelMap().keySet(), new LabelReading.Values(), 10_000, samples -> {})
        .manifest();
  }

  private org.apache.hadoop.fs.Path directory() {
    return new org.apache.hadoop.fs.Path(own.resolve("mani fest").toUri());
  }

  private Manifest written() throws IOException {
    Manifest manifest = ingest();
    ManifestStore.write(spark.session(), manifest, directory(), HADOOP);
    return manifest;
  }

  @Test
  void everySampleIsInspectedOnceAndProblemsAreItsOwn() throws IOException {
    Manifest manifest = ingest();

    assertThat(manifest.rows())
        .extracting(
            row -> row.id() + " " + row.problems().stream().map(p -> p.kind().key()).toList())
        .containsExactly(
            "images/00001.png []",
            "images/00003.png []",
            "images/00010.png []",
            "images/00011.png [unknown-label-value, duplicate]",
            "images/00012.png [no-label, undecodable-image]");
    assertThat(manifest.root()).startsWith("file:");
  }

  @Test
  void everyJobOfAnIngestCarriesADescription() throws Exception {
    List<String> descriptions = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            descriptions.add(String.valueOf(job.properties().get("spark.job.description")));
          }
        };
    spark.context().sc().addSparkListener(listener);
    written();
    RoundRunnerTest.await(() -> descriptions.size() >= 2);
    spark.context().sc().removeSparkListener(listener);

    assertThat(descriptions)
        .allMatch(d -> d.matches("(ingest|manifest) of split all of gta5: 5 samples"))
        .anyMatch(d -> d.startsWith("ingest"))
        .anyMatch(d -> d.startsWith("manifest"));
  }

  @Test
  void whatIsWrittenIsReadBackEqualWithoutSpark() throws IOException {
    Manifest manifest = written();

    assertThat(ManifestStore.read(directory(), HADOOP)).isEqualTo(manifest);
  }

  @Test
  void theParquetFilesAreForAnyReader() throws IOException {
    written();

    List<Row> rows =
        spark
            .session()
            .read()
            .parquet(own.resolve("mani fest/samples").toString())
            .selectExpr("image", "width", "histogram[7] AS road", "problems[0].kind AS kind")
            .orderBy("image")
            .collectAsList();

    assertThat(rows).hasSize(5);
    assertThat(rows.get(3).getString(0)).isEqualTo("images/00011.png");
    assertThat(rows.get(3).getInt(1)).isEqualTo(40);
    assertThat(rows.get(3).getLong(2)).isEqualTo(400);
    assertThat(rows.get(3).getString(3)).isEqualTo("UNKNOWN_LABEL_VALUE");
  }

  @Test
  void aManifestWithoutItsLastFileIsNone() throws IOException {
    written();
    Files.delete(own.resolve("mani fest/manifest.json"));

    assertThatThrownBy(() -> ManifestStore.read(directory(), HADOOP))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected the file manifest.json, found none")
        .hasMessageContaining("mani fest");
  }

  @Test
  void aManifestWhosePartIsMissingOrChangedIsRefused() throws IOException {
    written();
    Path part;
    try (Stream<Path> files = Files.list(own.resolve("mani fest/samples"))) {
      part = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(part);

    assertThatThrownBy(() -> ManifestStore.read(directory(), HADOOP))
        .hasMessageContaining("expected the file part-")
        .hasMessageContaining("found none");

    Files.write(part, bytes);
    Files.delete(part.resolveSibling("." + part.getFileName() + ".crc"));
    assertThatThrownBy(() -> ManifestStore.read(directory(), HADOOP))
        .hasMessageContaining("with SHA-256");
  }

  @Test
  void anOverwrittenManifestIsTheNewOne() throws IOException {
    written();
    Manifest one = new Manifest("gta5", "all", "file:/x", false, List.of());
    ManifestStore.requireFree(directory(), true, HADOOP);

    ManifestStore.write(spark.session(), one, directory(), HADOOP);

    assertThat(ManifestStore.read(directory(), HADOOP)).isEqualTo(one);
    assertThatThrownBy(() -> ManifestStore.requireFree(directory(), false, HADOOP))
        .hasMessageContaining("new or empty, or --overwrite");
  }

  @Test
  void aDirectoryWithOtherThingsIsLeftAlone() throws IOException {
    Files.createDirectories(own.resolve("mani fest"));
    Files.writeString(own.resolve("mani fest/thesis.txt"), "mine");

    assertThatThrownBy(() -> ManifestStore.requireFree(directory(), true, HADOOP))
        .hasMessageContaining("found thesis.txt");
  }

  @Test
  void aForeignHeaderIsRefusedWithAMessage() throws IOException {
    written();
    Path header = own.resolve("mani fest/manifest.json");
    String text = Files.readString(header);
    for (String bad :
        List.of(
            "",
            "[]",
            "null",
            "{}",
            text.replace("\"format\" : 1", "\"format\" : 2"),
            text.replace("part-", "../part-"),
            text.replace("\"samples\" : 5", "\"samples\" : 6"),
            text.substring(0, text.length() / 2))) {
      Files.writeString(header, bad);
      Files.deleteIfExists(header.resolveSibling(".manifest.json.crc"));
      assertThatThrownBy(() -> ManifestStore.read(directory(), HADOOP))
          .as(bad)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Cannot read a manifest: expected ");
    }
  }
}
