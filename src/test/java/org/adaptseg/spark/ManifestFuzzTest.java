package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.adaptseg.data.ManifestRow;
import org.adaptseg.testing.LocalSpark;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a manifest lead to files under its root or are refused. */
@Tag("faults")
class ManifestFuzzTest {
  @TempDir Path directory;

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
