package org.adaptseg.spark.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.data.dataset.SampleProblem;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.testing.SharedSpark;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Manifests whose rows another tool has read and written again, as such tools write them. */
class RewrittenManifestTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[1]");
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path directory;
  private Manifest manifest;

  @BeforeEach
  void write() throws IOException {
    List<ManifestRow> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add(
          new ManifestRow(
              "images/%02d: straße.png".formatted(i),
              "labels/%02d.png".formatted(i),
              100 + i,
              50,
              "aa",
              "bb",
              64,
              48,
              64,
              48,
              Map.of(7, 1000L + i, 255, 3L),
              i == 3
                  ? List.of(new SampleProblem(SampleProblem.Kind.DUPLICATE, "as another"))
                  : List.of()));
    }
    manifest = new Manifest("gta5", "all", "file:/r", true, rows);
    ManifestStore.write(SPARK.get().session(), manifest, path(), HADOOP);
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(directory.resolve("manifest").toUri());
  }

  /** Reads the rows, changes them and writes them in the place of the old ones. */
  private Path rewrite(String codec, String... columns) throws IOException {
    Path samples = directory.resolve("manifest/samples");
    Path other = directory.resolve("again");
    // Spark's reader makes all columns nullable.
    Dataset<Row> rows = SPARK.get().session().read().parquet(samples.toString());
    rows.selectExpr(columns)
        .coalesce(1)
        .write()
        .option("compression", codec)
        .parquet(other.toString());
    FileUtils.deleteDirectory(samples.toFile());
    FileUtils.moveDirectory(other.toFile(), samples.toFile());
    try (Stream<Path> files = Files.list(samples)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findAny().orElseThrow();
    }
  }

  /** What one does who wants it read all the same. */
  private void describe(Path part) throws IOException {
    byte[] bytes = Files.readAllBytes(part);
    Path header = directory.resolve("manifest/manifest.json");
    String text =
        Files.readString(header)
            .replaceFirst("\"name\" : \"[^\"]*\"", "\"name\" : \"" + part.getFileName() + "\"")
            .replaceFirst("\"bytes\" : \\d+", "\"bytes\" : " + bytes.length)
            .replaceFirst("\"sha256\" : \"[^\"]*\"", "\"sha256\" : \"" + Sha256.of(bytes) + "\"");
    Files.writeString(header, text);
    Files.deleteIfExists(header.resolveSibling(".manifest.json.crc"));
  }

  @Test
  void rowsInOtherColumnsAndWidthsAndWithColumnsBesidesAreRead() throws IOException {
    describe(
        rewrite(
            "none",
            "problems",
            "cast(width as bigint) width",
            "monotonically_increasing_id() __index_level_0__",
            "cast(image_bytes as int) image_bytes",
            "label_bytes",
            "height",
            "label_width",
            "cast(label_height as bigint) label_height",
            "map_from_entries(transform(map_entries(histogram),"
                + " e -> struct(cast(e.key as bigint), cast(e.value as int)))) histogram",
            "label_sha256",
            "image_sha256",
            "label",
            "image",
            "'x' note"));

    assertThat(ManifestStore.read(path(), HADOOP)).isEqualTo(manifest);
  }

  @Test
  void rowsThatAreNotWhatTheHeaderSaysAreRefusedByThat() throws IOException {
    Path part = rewrite("none", "*");
    String name = "\"name\" : \"" + part.getFileName() + "\"";
    Path header = directory.resolve("manifest/manifest.json");
    String text = Files.readString(header).replaceFirst("\"name\" : \"[^\"]*\"", name);
    Files.writeString(header, text);
    Files.deleteIfExists(header.resolveSibling(".manifest.json.crc"));

    assertThatThrownBy(() -> ManifestStore.read(path(), HADOOP))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("; a file that another tool wrote again is no manifest's");
  }

  private void assertRefused(String codec, String message, String... columns) throws IOException {
    describe(rewrite(codec, columns));

    assertThatThrownBy(() -> ManifestStore.read(path(), HADOOP))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read a manifest: expected Parquet rows with the columns")
        .hasMessageContaining("found " + message);
  }

  @Test
  void compressionIsNamed() throws IOException {
    assertRefused("gzip", "a column compressed by GZIP (ingest compresses nothing", "*");
  }

  @Test
  void columnsThatAreMissingOrOfAnotherKindAreNamedTogether() throws IOException {
    assertRefused(
        "none",
        "no column label, the column optional double width in place of int, the column optional"
            + " group histogram (LIST)",
        "image",
        "image_bytes",
        "label_bytes",
        "image_sha256",
        "label_sha256",
        "cast(width as double) width",
        "height",
        "label_width",
        "label_height",
        "map_keys(histogram) histogram",
        "problems");
  }

  @Test
  void aMissingValueIsNamed() throws IOException {
    assertRefused(
        "none",
        "a row without a value in label_width",
        "image",
        "label",
        "image_bytes",
        "label_bytes",
        "image_sha256",
        "label_sha256",
        "width",
        "height",
        "if(width > 0, null, label_width) label_width",
        "label_height",
        "histogram",
        "problems");
  }
}
