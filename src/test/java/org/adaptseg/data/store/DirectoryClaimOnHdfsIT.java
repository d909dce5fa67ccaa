package org.adaptseg.data.store;

import org.adaptseg.testing.HdfsServer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Claims on HDFS, where one of several that create a file finds it being created. */
@Tag("cluster")
@Tag("slow")
class DirectoryClaimOnHdfsIT extends DirectoryClaims {
  @TempDir static java.nio.file.Path files;
  private static HdfsServer server;
  private static int number;

  @BeforeAll
  static void start() {
    server = HdfsServer.start(files);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  Path directory() {
    return new Path(server.uri() + "/runs/" + number++);
  }

  @Override
  Configuration settings() {
    return new Configuration();
  }
}
