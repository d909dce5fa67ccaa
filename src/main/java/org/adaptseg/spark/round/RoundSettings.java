package org.adaptseg.spark.round;

import org.apache.spark.SparkConf;

/**
 * Settings of Spark for rounds, where neither the user nor the platform has any. What a round moves
 * is float32 values in large blocks, hundreds of megabytes at a time.
 */
public final class RoundSettings {
  private static final String KRYO = "org.apache.spark.serializer.KryoSerializer";

  /** The heap in transparent huge pages, where the system lets a program ask for them. */
  private static final String HUGE_PAGES = "-XX:+UseTransparentHugePages";

  private RoundSettings() {}

  /** Adds what is missing; results are the same bits with other settings. */
  public static void addTo(SparkConf conf) {
    // Java's serialisation copies a block kilobyte by kilobyte.
    conf.setIfMissing("spark.serializer", KRYO);
    // The bound of one object; a part of a large state has more than the 64 MB of Spark's.
    conf.setIfMissing("spark.kryoserializer.buffer.max", "2047m");
    if (isOneProcess(conf.get("spark.master", ""))) {
      // Nothing is fetched and nothing can be damaged on the way; what costs is the memory that
      // each broadcast begins with, that of a stage's tasks too: as much as a block has.
      conf.setIfMissing("spark.broadcast.blockSize", "1m");
      conf.setIfMissing("spark.broadcast.checksum", "false");
    }
    // Blocks are fetched one after the other; there is no use in hundreds of them. From 20 MB on,
    // the network layer copies them once more.
    conf.setIfMissing("spark.broadcast.blockSize", "16m");
    // Weights do not get smaller by LZ4; trying costs as much as sending them.
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.shuffle.compress", "false");
    // One file a worker instead of one for each part and their copy.
    conf.setIfMissing("spark.shuffle.sort.bypassMergeThreshold", "0");
    // A small result comes with its task's end, where a larger one waits to be fetched; but a large
    // one would be copied several times more on this way.
    conf.setIfMissing("spark.task.maxDirectResultSize", "8m");
    // Larger blocks, of the shuffle and results, go from the network to a file as they come; kept
    // in memory until they are whole, they make the network layer ask the system for fresh memory,
    // and give it back, in every round. Those of a broadcast stay in memory: where they cannot be
    // written, Spark says that they were not found, and not that a disk is full.
    conf.setIfMissing("spark.network.maxRemoteBlockSizeFetchToMem", "17m");
    // Blocks that are gathered in memory, too, are gathered in the heap, which is there; outside it
    // the network layer asks the system for every one of them, and gives it back.
    conf.setIfMissing("spark.network.io.preferDirectBufs", "false");
    // What the network does not take at once is copied again with the next piece.
    conf.setIfMissing("spark.buffer.write.chunkSize", "1m");
    // A round fills gigabytes of an executor's heap; in huge pages, a page fault gives 2 MB of
    // them.
    conf.setIfMissing("spark.executor.defaultJavaOptions", HUGE_PAGES);
    // Tells where a block was damaged after decompressing has failed; nothing is compressed.
    conf.setIfMissing("spark.shuffle.checksum.enabled", "false");
  }

  /** Whether driver and executor are one; {@code local-cluster} has processes of its own. */
  public static boolean isOneProcess(String master) {
    return master.equals("local") || master.startsWith("local[");
  }
}
