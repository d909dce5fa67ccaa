package org.adaptseg.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.data.Normalisation;
import org.adaptseg.data.streets.StreetDomain;
import org.adaptseg.data.streets.SyntheticWriter;
import org.adaptseg.testing.FaultyProxy;
import org.adaptseg.testing.S3Server;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.VersionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What samples cost on a real S3 server, as the proxy before it counts. */
@Tag("cluster")
@Tag("s3")
@Tag("slow")
class ImagesOnS3Test {
  private static final String ROOT = "s3a://images/gta5";
  private static final LabelSpace SPACE = ResolvedData.labelSpace("synthetic-8");

  /** Since Hadoop 3.3.5 S3A believes the length that it is told. */
  private static final int HEADS = VersionInfo.getVersion().equals("3.3.4") ? 1 : 0;

  @TempDir Path directory;

  @Test
  void aListedFileIsReadByOneGetEvenWhereTheClusterReadsTablesPieceByPiece() throws IOException {
    List<String> requests = new CopyOnWriteArrayList<>();
    try (S3Server server = S3Server.start(directory, "images");
        FaultyProxy proxy = FaultyProxy.start(server.endpoint())) {
      // Images of some 300 kB; where S3A expects jumps it asks for 64 kB at a time.
      new SyntheticWriter(server.hadoop(), 1, 512, 256)
          .writeGta5(ROOT, new SyntheticWriter.Streets(StreetDomain.SOURCE.appearance(), 0, 2));
      Configuration hadoop = server.hadoop();
      hadoop.set("fs.s3a.endpoint", proxy.endpoint());
      hadoop.set("fs.s3a.experimental.input.fadvise", "random");
      hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
      RunConfig.Domain domain = new RunConfig.Domain("gta5", ROOT, "all", 64, 32, "");
      DatasetDescription gta5 = ResolvedData.dataset("gta5");
      SplitPlan plan =
          SplitPlan.prepare(
              gta5,
              domain,
              SPACE,
              SplitPlan.Labels.NEEDED,
              1,
              1_000_000,
              Normalisation.CAFFE,
              hadoop);
      proxy.set(
          (method, target) -> {
            requests.add(method + " " + target.replaceAll("\\?.*", ""));
            return FaultyProxy.Fault.NONE;
          });
      try (Split split = plan.open(hadoop)) {
        requests.clear();
        assertThat(split.labelled(1).image().height()).isEqualTo(32);
      }
    }
    for (String file : List.of("images", "labels")) {
      String target = "/images/gta5/" + file + "/00002.png";
      assertThat(requests).filteredOn(("GET " + target)::equals).hasSize(1);
      assertThat(requests).filteredOn(("HEAD " + target)::equals).hasSize(HEADS);
    }
    assertThat(requests).hasSize(2 + 2 * HEADS);
  }
}
