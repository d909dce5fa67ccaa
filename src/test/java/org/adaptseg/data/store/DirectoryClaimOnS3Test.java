package org.adaptseg.data.store;

import org.adaptseg.testing.S3Server;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Claims on S3, which has no locks. */
@Tag("cluster")
@Tag("s3")
@Tag("slow")
class DirectoryClaimOnS3Test extends DirectoryClaims {
  @TempDir static java.nio.file.Path files;
  private static S3Server server;
  private static int number;

  @BeforeAll
  static void start() {
    server = S3Server.start(files, "bucket");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  Path directory() {
    return new Path("s3a://bucket/runs/" + number++);
  }

  @Override
  Configuration settings() {
    return server.hadoop();
  }
}
