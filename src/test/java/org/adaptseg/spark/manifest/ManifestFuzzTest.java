package org.adaptseg.spark.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.SharedSpark;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a manifest lead to files under its root or are refused. */
@Tag("faults")
class ManifestFuzzTest {
  @RegisterExtension static final SharedSpark SPARK = new SharedSpark("local[1]");

  private static final int INPUTS = 10_000;
  private static final long BYTES = 64L << 20;

  @TempDir Path directory;

  @Test
  void aRowThatLeadsOutOfTheRootIsRefused() throws IOException {
    var file = new org.apache.hadoop.fs.Path(directory.resolve("rows.parquet").toUri());
    Configuration hadoop = new Configuration();
    LocalSpark spark = SPARK.get();
    for (String path : List.of("../secret.png", "a/../../b.png", "/etc/a.png", "s3a://b/a.png")) {
      spark
          .session()
          .createDataFrame(List.of(ManifestSchema.toRow(row(path))), ManifestSchema.TYPE)
          .coalesce(1)
          .write()
          .mode("overwrite")
          .option("compression", ManifestParquet.compression())
          .parquet(file.toString());
      var parts = new org.apache.hadoop.fs.Path(file, "*.parquet");
      var part = file.getFileSystem(hadoop).globStatus(parts)[0].getPath();
      assertThatThrownBy(() -> ManifestParquet.read(part, hadoop))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the path '" + path + "', which leaves the root");
    }
  }

  @Test
  void aDamagedFileOfRowsIsRefused() throws IOException {
    Configuration hadoop = new Configuration();
    var manifest = new org.apache.hadoop.fs.Path(directory.resolve("manifest").toUri());
    LocalSpark spark = SPARK.get();
    List<ManifestRow> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(row("images/%05d.png".formatted(i)));
    }
    ManifestStore.write(
        spark.session(), new Manifest("gta5", "all", "file:/r", true, rows), manifest, hadoop);
    Path part = onlyPart();
    byte[] whole = Files.readAllBytes(part);

    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofMinutes(3),
            () ->
                Fuzz.run(
                    INPUTS,
                    List.of(whole),
                    Fuzz::bytes,
                    BYTES,
                    IOException.class,
                    bytes -> {
                      Files.write(part, bytes);
                      ManifestStore.read(manifest, hadoop);
                      assertThat(bytes).isEqualTo(whole);
                    }));

    // A few changes of bytes change nothing.
    assertThat(outcome.accepted()).isBetween(1, INPUTS / 10);
  }

  private Path onlyPart() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("manifest/samples"))) {
      List<Path> all = files.toList();
      for (Path file : all) {
        if (file.toString().endsWith(".crc")) {
          Files.delete(file); // the manifest's own hash must tell
        }
      }
      return all.stream().filter(f -> f.toString().endsWith(".parquet")).findAny().orElseThrow();
    }
  }

  /** Snappy's input states how long its output is; a small file could fill the driver's memory. */
  @Test
  void compressedRowsAreRefused() throws IOException {
    var file = new org.apache.hadoop.fs.Path(directory.resolve("rows.parquet").toUri());
    Configuration hadoop = new Configuration();
    LocalSpark spark = SPARK.get();
    spark
        .session()
        .createDataFrame(List.of(ManifestSchema.toRow(row("a.png"))), ManifestSchema.TYPE)
        .coalesce(1)
        .write()
        .option("compression", "snappy")
        .parquet(file.toString());
    var parts = new org.apache.hadoop.fs.Path(file, "*.parquet");
    var part = file.getFileSystem(hadoop).globStatus(parts)[0].getPath();
    assertThatThrownBy(() -> ManifestParquet.read(part, hadoop))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a column compressed by SNAPPY");
  }

  private static ManifestRow row(String image) {
    return new ManifestRow(image, "", 1, 0, "", "", 1, 1, 0, 0, Map.of(), List.of());
  }
}
