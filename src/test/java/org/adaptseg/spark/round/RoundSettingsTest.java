package org.adaptseg.spark.round;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class RoundSettingsTest {
  @Test
  void broadcastsInOneProcessHaveSmallBlocksThatNobodyChecks() {
    for (String master : new String[] {"local", "local[2]", "local[*]", "local[4,2]"}) {
      assertThat(settings(master).get("spark.broadcast.blockSize")).isEqualTo("1m");
      assertThat(settings(master).get("spark.broadcast.checksum")).isEqualTo("false");
    }
    for (String master : new String[] {"yarn", "local-cluster[2,1,1024]", "k8s://https://h"}) {
      assertThat(settings(master).get("spark.broadcast.blockSize")).isEqualTo("16m");
      assertThat(settings(master).contains("spark.broadcast.checksum")).isFalse();
    }
  }

  @Test
  void whatTheUserHasSetStays() {
    SparkConf conf = new SparkConf(false).setMaster("local[2]");
    conf.set("spark.broadcast.blockSize", "3m").set("spark.serializer", "mine");
    RoundSettings.addTo(conf);
    assertThat(conf.get("spark.broadcast.blockSize")).isEqualTo("3m");
    assertThat(conf.get("spark.serializer")).isEqualTo("mine");
  }

  private static SparkConf settings(String master) {
    SparkConf conf = new SparkConf(false).setMaster(master);
    RoundSettings.addTo(conf);
    return conf;
  }
}
