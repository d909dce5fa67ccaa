package org.adaptseg.spark.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.adaptseg.testing.Fuzz;
import org.adaptseg.testing.YamlMutations;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a {@code manifest.json} holds, the answer is a header or a message. */
@Tag("faults")
class ManifestHeaderFuzzTest {
  private static final int INPUTS = 10_000;
  private static final long BYTES = 16L << 20;

  @Test
  void aHeaderIsReadOrRefused() throws IOException {
    ManifestHeader header =
        new ManifestHeader(
            ManifestHeader.FORMAT,
            "gta5",
            "all",
            "s3a://bucket/GTA 5",
            true,
            24_966,
            3,
            List.of(
                new ManifestHeader.Part("part-00000-a.snappy.parquet", 1 << 20, "0".repeat(64)),
                new ManifestHeader.Part("part-00001-b.snappy.parquet", 77, "f".repeat(64))));
    List<byte[]> seeds = List.of(header.toJson());

    Fuzz.Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofMinutes(2),
            () ->
                Fuzz.run(
                    INPUTS,
                    seeds,
                    YamlMutations::mutate,
                    BYTES,
                    IOException.class,
                    json -> ManifestHeader.parse(json, "file:/m")));

    // Were all refused, or none, the mutations would test nothing.
    assertThat(outcome.accepted()).isBetween(INPUTS / 100, INPUTS * 9 / 10);
    assertThat(ManifestHeader.parse(header.toJson(), "file:/m")).isEqualTo(header);
  }
}
