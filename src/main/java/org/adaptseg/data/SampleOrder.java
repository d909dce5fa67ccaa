package org.adaptseg.data;

import org.adaptseg.data.random.SplitMix64;

/**
 * The order in which a run sees the samples of a split: every epoch is a permutation that is a
 * function of (seed, epoch). There is no state to save but the iteration number, and no worker
 * needs to know what the others took.
 */
public final class SampleOrder {
  private record Epoch(long number, int[] permutation) {}

  private final long seed;
  private final int size;
  // Only a cache: any thread may replace it, none changes an epoch once made.
  private volatile Epoch latest;

  /**
   * @param seed orders of different seeds are unrelated; give source and target different ones
   * @param size number of samples, at least 1
   */
  public SampleOrder(long seed, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "Cannot order samples: expected at least one, found " + size);
    }
    this.seed = seed;
    this.size = size;
  }

  /**
   * The global position that worker {@code worker} of {@code workers} takes at iteration {@code t}
   * for sample {@code j} of {@code perIteration}: {@code (t·perIteration + j)·workers + worker}.
   * Workers together cover every epoch once without overlap, and N workers with one sample an
   * iteration see in an iteration what one worker with N samples sees.
   */
  public static long position(long t, int j, int perIteration, int worker, int workers) {
    return Math.addExact(
        Math.multiplyExact(Math.addExact(Math.multiplyExact(t, (long) perIteration), j), workers),
        worker);
  }

  /** The index in the split, 0..size-1, of the sample at a global position of at least 0. */
  public int index(long position) {
    if (position < 0) {
      throw new IllegalArgumentException(
          "Cannot find the sample: expected a position of at least 0, found " + position);
    }
    long number = position / size;
    Epoch epoch = latest;
    if (epoch == null || epoch.number() != number) {
      epoch = new Epoch(number, permutation(number));
      latest = epoch;
    }
    return epoch.permutation()[(int) (position % size)];
  }

  private int[] permutation(long epoch) {
    SplitMix64 random = new SplitMix64(SplitMix64.hash(seed, epoch));
    int[] order = new int[size];
    for (int i = 0; i < size; i++) { // Fisher-Yates, inside out
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
