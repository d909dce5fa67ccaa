package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.adaptseg.data.ManifestRow;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.YamlMutations;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever {@code manifest.json} holds, the answer is a manifest or a message. */
@Tag("faults")
class ManifestFuzzTest {
  private static final int INPUTS = 10_000;
  private static final long BYTES = 16L << 20;

  @TempDir Path directory;

  @Test
  void aManifestsHeaderIsReadOrRefused() throws IOException {
    byte[] seed =
        """
        {
          "format" : 1,
          "dataset" : "gta5",
          "split" : "all",
          "root" : "file:/data/GTA5",
          "labelled" : true,
          "samples" : 0,
          "bad" : 0,
          "files" : [ ]
        }
        """
            .getBytes(StandardCharsets.UTF_8);
    Path header = directory.resolve("manifest.json");
    Configuration hadoop = new Configuration();
    var manifest = new org.apache.hadoop.fs.Path(directory.toUri());
    Files.write(header, seed);
    assertThat(ManifestStore.read(manifest, hadoop).dataset()).isEqualTo("gta5");
    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofMinutes(10),
            () ->
                Fuzz.run(
                    INPUTS,
                    List.of(seed),
                    YamlMutations::mutate,
                    BYTES,
                    IOException.class,
                    input -> {
                      Files.write(header, input);
                      ManifestStore.read(manifest, hadoop);
                    }));
    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
  }

  @Test
  void aRowThatLeadsOutOfTheRootIsRefused() throws IOException {
    var file = new org.apache.hadoop.fs.Path(directory.resolve("rows.parquet").toUri());
    Configuration hadoop = new Configuration();
    try (LocalSpark spark = LocalSpark.start("local[1]")) {
      for (String path : List.of("../secret.png", "a/../../b.png", "/etc/a.png", "s3a://b/a.png")) {
        spark
            .session()
            .createDataFrame(List.of(ManifestSchema.toRow(row(path))), ManifestSchema.TYPE)
            .coalesce(1)
            .write()
            .mode("overwrite")
            .parquet(file.toString());
        var parts = new org.apache.hadoop.fs.Path(file, "*.parquet");
        var part = file.getFileSystem(hadoop).globStatus(parts)[0].getPath();
        assertThatThrownBy(() -> ManifestParquet.read(part, hadoop))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("the path '" + path + "', which leaves the root");
      }
    }
  }

  private static ManifestRow row(String image) {
    return new ManifestRow(image, "", 1, 0, "", "", 1, 1, 0, 0, Map.of(), List.of());
  }
}
