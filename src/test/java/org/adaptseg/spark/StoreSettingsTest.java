package org.adaptseg.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSettingsTest {
  private static final String UMASK = "fs.permissions.umask-mode";

  @TempDir Path directory;

  @Test
  void localFilesHaveTheBitsThatTheUmaskOfTheProcessLeaves() throws IOException {
    Path status = Files.writeString(directory.resolve("status"), "Name:\tx\nUmask:\t0077\n");
    assertThat(StoreSettings.umask(status)).contains("0077");
    assertThat(StoreSettings.umask(directory.resolve("none"))).isEmpty();

    Path file = Files.createFile(directory.resolve("file"));
    int mode = (Integer) Files.getAttribute(file, "unix:mode") & 0777;
    FsPermission umask = FsPermission.getUMask(StoreSettings.addTo(new Configuration()));
    assertThat(0666 & ~umask.toShort()).isEqualTo(mode);
  }

  @Test
  void aClustersUmaskAndOneThatIsSetStay() {
    Configuration set = new Configuration();
    set.set(UMASK, "007");
    assertThat(StoreSettings.addTo(set).get(UMASK)).isEqualTo("007");

    Configuration cluster = new Configuration();
    cluster.set("fs.defaultFS", "hdfs://name:8020");
    assertThat(StoreSettings.addTo(cluster).get(UMASK)).isEqualTo(new Configuration().get(UMASK));
  }
}
