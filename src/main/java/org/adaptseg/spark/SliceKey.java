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

  /** As many slices to each partition, in order; reports travel with the first. */
  static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int slices;
    private final int parts;

    /**
     * @param slices a multiple of {@code parts}
     */
    BySlice(int slices, int parts) {
      this.slices = slices;
      this.parts = parts;
    }

    @Override
    public int numPartitions() {
      return parts;
    }

    @Override
    public int getPartition(Object key) {
      int slice = slice((Long) key);
      return slice == slices ? 0 : slice / (slices / parts);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySlice that && that.slices == slices && that.parts == parts;
    }

    @Override
    public int hashCode() {
      return 31 * slices + parts;
    }
  }
}
