package org.adaptseg.spark;

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

  /** One partition a slice; reports travel with slice 0. */
  static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int slices;

    BySlice(int slices) {
      this.slices = slices;
    }

    @Override
    public int numPartitions() {
      return slices;
    }

    @Override
    public int getPartition(Object key) {
      return slice((Long) key) % slices;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySlice that && that.slices == slices;
    }

    @Override
    public int hashCode() {
      return slices;
    }
  }
}
