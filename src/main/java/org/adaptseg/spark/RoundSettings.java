package org.adaptseg.spark;

import org.apache.spark.SparkConf;

/**
 * Settings of Spark for rounds, where neither the user nor the platform has any. What a round moves
 * is float32 values in large blocks, hundreds of megabytes at a time.
 */
public final class RoundSettings {
  private static final String KRYO = "org.apache.spark.serializer.KryoSerializer";

  private RoundSettings() {}

  /** Adds what is missing; results are the same bits with other settings. */
  public static void addTo(SparkConf conf) {
    // Java's serialisation copies a block kilobyte by kilobyte.
    conf.setIfMissing("spark.serializer", KRYO);
    // The bound of one object; a part of a large state has more than the 64 MB of Spark's.
    conf.setIfMissing("spark.kryoserializer.buffer.max", "2047m");
    // Blocks are fetched one after the other; there is no use in hundreds of them.
    conf.setIfMissing("spark.broadcast.blockSize", "32m");
    // Weights do not get smaller by LZ4; trying costs as much as sending them.
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.shuffle.compress", "false");
    // One file a worker instead of one for each part and their copy.
    conf.setIfMissing("spark.shuffle.sort.bypassMergeThreshold", "1");
    // A larger result waits on its executor to be fetched, which costs another exchange.
    conf.setIfMissing("spark.task.maxDirectResultSize", "16m");
    // Tells where a block was damaged after decompressing has failed; nothing is compressed.
    conf.setIfMissing("spark.shuffle.checksum.enabled", "false");
  }
}
