package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.adaptseg.testing.HdfsServer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job with everything on HDFS, whose renames do not replace, and the same on local files. */
@Tag("cluster")
@Tag("slow")
class WholeJobOnHdfsIT {
  @TempDir private Path directory;

  @Test
  void trainsEvaluatesAndResumesOnHdfsAsOnLocalFiles() throws IOException {
    WholeJob job = new WholeJob(new Configuration(), Map.of(), Map.of(), 4, directory);
    String local = "file:" + directory.resolve("local");
    Map<String, String> expected =
        job.atOnce(new WholeJob.Places(local + "/source", local + "/target", local + "/runs"));
    try (HdfsServer hdfs = HdfsServer.start(directory)) {
      String root = hdfs.uri() + "/user/straßen";
      assertThat(
              job.inParts(new WholeJob.Places(root + "/GTA 5", root + "/Ziel ü", root + "/Läufe")))
          .isEqualTo(expected);
    }
  }
}
