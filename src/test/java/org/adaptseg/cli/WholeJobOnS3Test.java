package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.adaptseg.testing.S3Server;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job with source, target and output in buckets of a real S3 server, and the same job on local
 * files: the store changes no bit.
 */
@Tag("cluster")
@Tag("slow")
class WholeJobOnS3Test {
  /** The least that S3 lets a part be. */
  private static final String PART = String.valueOf(5 << 20);

  /** The parameters of a generator so wide are more than a part. */
  private static final int WIDTH = 32;

  @TempDir private Path directory;

  @Test
  void ingestsTrainsEvaluatesResumesAndPredictsInBucketsAsOnLocalFiles() throws IOException {
    String local = "file:" + directory.resolve("local");
    Map<String, String> expected =
        new WholeJob(new Configuration(), Map.of(), Map.of(), WIDTH, directory)
            .atOnce(new WholeJob.Places(local + "/source", local + "/target", local + "/runs"));

    try (S3Server server = S3Server.start(directory, "job-source", "job-target", "job-runs")) {
      Map<String, String> settings = new HashMap<>(server.spark());
      settings.put("spark.hadoop.fs.s3a.multipart.size", PART);
      settings.put("spark.hadoop.fs.s3a.multipart.threshold", PART);
      // They come by S3A's usual chain, which the environment is a part of.
      Map<String, String> credentials =
          Map.of(
              "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY,
              "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
      WholeJob.Places places =
          new WholeJob.Places(
              "s3a://job-source/GTA 5 (kopie)",
              "s3a://job-target/straßen süd",
              "s3a://job-runs/läufe von heute");

      WholeJob job = new WholeJob(server.hadoop(), settings, credentials, WIDTH, directory);
      assertThat(job.inParts(places)).isEqualTo(expected);
      assertSeveralParts(
          server, places.run() + "/checkpoints/iteration-0000006/generator.parameters.f32");
    }
  }

  /** S3 ends the ETag of an object of n parts with -n. */
  private static void assertSeveralParts(S3Server server, String uri) throws IOException {
    var path = new org.apache.hadoop.fs.Path(uri);
    try (FileSystem files = FileSystem.newInstance(path.toUri(), server.hadoop())) {
      String tag = ((EtagSource) files.getFileStatus(path)).getEtag();
      assertThat(tag.replace("\"", "")).matches("[0-9a-f]+-[2-9]");
    }
  }
}
