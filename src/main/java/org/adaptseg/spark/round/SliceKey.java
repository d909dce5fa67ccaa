package org.adaptseg.spark.round;

import org.apache.spark.Partitioner;

/**
 * The key of a shuffled record: a slice's index in the upper half, the worker in the lower, so that
 * the natural order of keys is by slice, then by worker. The index after the last slice marks a
 * worker's report.
 */
final class SliceKey {
  private SliceKey() {}

  static Long of(int slice, int worker) {
    return ((long) slice << Integer.SIZE) | worker;
  }

  static int slice(Long key) {
    return (int) (key >>> Integer.SIZE);
  }

  static int worker(Long key) {
    return key.intValue();
  }

  /** One partition a part; reports travel with part 0. */
  static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int parts;
    private final int slicesInPart;

    BySlice(StateLayout layout) {
      parts = layout.parts();
      slicesInPart = layout.slicesInPart();
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object key) {
      return slice((Long) key) / slicesInPart % parts;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySlice that
          && that.parts == parts
          && that.slicesInPart == slicesInPart;
    }

    @Override
    public int hashCode() {
      return 31 * parts + slicesInPart;
    }
  }
}
