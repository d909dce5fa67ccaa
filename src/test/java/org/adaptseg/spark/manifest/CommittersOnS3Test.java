package org.adaptseg.spark.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.spark.StoreSettings;
import org.adaptseg.testing.LocalSpark;
import org.adaptseg.testing.S3Server;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Parquet on a real S3 server, with the settings that a run has by default. */
@Tag("cluster")
@Tag("s3")
class CommittersOnS3Test {
  @TempDir Path directory;

  @Tag("slow")
  @Test
  void parquetIsCommittedWithoutARename() throws IOException {
    try (S3Server server = S3Server.start(directory, "tables")) {
      Map<String, String> settings = new HashMap<>(server.spark());
      SparkConf defaults = new SparkConf(false);
      StoreSettings.addTo(defaults);
      for (Tuple2<String, String> setting : defaults.getAll()) {
        settings.put(setting._1(), setting._2());
      }
      String table = "s3a://tables/manifest für alle";
      try (LocalSpark spark = LocalSpark.start("local[2]", settings)) {
        spark.session().range(0, 100, 1, 3).write().mode(SaveMode.Overwrite).parquet(table);
        spark.session().range(0, 1000, 1, 3).write().mode(SaveMode.Overwrite).parquet(table);

        assertThat(spark.session().read().parquet(table).count()).isEqualTo(1000);
      }
      assertThat(success(server, table).get("committer").asText()).isEqualTo("magic");
      assertThat(names(server, table))
          .noneMatch(n -> n.contains("__magic") || n.contains("_tempo"));
    }
  }

  @Test
  void aPlatformsOwnCommitterStays() {
    SparkConf conf = new SparkConf(false);
    conf.set("spark.sql.parquet.output.committer.class", "com.example.Committer");
    StoreSettings.addTo(conf);
    assertThat(conf.getAll())
        .extracting(Tuple2::_1)
        .filteredOn(name -> name.contains("commit"))
        .containsExactly("spark.sql.parquet.output.committer.class");
  }

  @Test
  void thereAreConnectionsForManyReadersUnlessTheUserSaysHowMany() {
    SparkConf conf = new SparkConf(false);
    StoreSettings.addTo(conf);
    assertThat(conf.get("spark.hadoop.fs.s3a.connection.maximum")).isEqualTo("500");
    assertThat(conf.get("spark.hadoop.fs.s3a.socket.recv.buffer")).isEqualTo("262144");
    conf.set("spark.hadoop.fs.s3a.connection.maximum", "20");
    StoreSettings.addTo(conf);
    assertThat(conf.get("spark.hadoop.fs.s3a.connection.maximum")).isEqualTo("20");

    assertThat(connections(new Configuration())).isEqualTo(500);
    Configuration users = new Configuration();
    users.setInt("fs.s3a.connection.maximum", 20);
    assertThat(connections(users)).isEqualTo(20);
  }

  private static int connections(Configuration hadoop) {
    return StoreSettings.addTo(hadoop).getInt("fs.s3a.connection.maximum", 0);
  }

  private static JsonNode success(S3Server server, String table) throws IOException {
    var path = new org.apache.hadoop.fs.Path(table, "_SUCCESS");
    try (FileSystem files = FileSystem.newInstance(path.toUri(), server.hadoop());
        var in = files.open(path)) {
      return new ObjectMapper().readTree(in.readAllBytes());
    }
  }

  private static List<String> names(S3Server server, String table) throws IOException {
    var path = new org.apache.hadoop.fs.Path(table);
    List<String> names = new ArrayList<>();
    try (FileSystem files = FileSystem.newInstance(path.toUri(), server.hadoop())) {
      for (RemoteIterator<? extends FileStatus> i = files.listFiles(path, true); i.hasNext(); ) {
        names.add(i.next().getPath().toString());
      }
    }
    return names;
  }
}
