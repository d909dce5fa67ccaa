package org.adaptseg.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;
import org.adaptseg.data.random.SplitMix64;

/**
 * The order in which a run sees the samples of several splits, by their weights. Each split is gone
 * through as {@link SampleOrder} says, epoch after epoch, or by its rare classes; which split is
 * next is drawn from the seed so that every block of {@value #BLOCK} positions, and so every
 * worker, has its share of each. All is a function of seed and position. One split alone is gone
 * through in its own order.
 */
public final class MixedOrder {
  private static final int BLOCK = 64;
  private static final long TURNS = -1;

  /**
   * One of the splits.
   *
   * @param size number of samples, at least 1
   * @param weight relative to those of the others, above 0
   * @param rare how often the split's classes are drawn, if its images are drawn by them
   */
  public record Part(int size, double weight, RareClasses rare) {
    /** A split that is gone through epoch after epoch. */
    public Part(int size, double weight) {
      this(size, weight, RareClasses.NONE);
    }
  }

  private record Block(long number, int[] parts, long[] ranks) {}

  private final long seed;
  private final Shares shares;
  private final List<LongToIntFunction> orders = new ArrayList<>();
  private final int[] offsets;
  // Only a cache: any thread may replace it, none changes a block once made.
  private volatile Block latest;

  /**
   * @param seed orders of different seeds are unrelated; give source and target different ones
   * @param parts at least one
   */
  public MixedOrder(long seed, List<Part> parts) {
    this.seed = seed;
    this.shares = new Shares(parts.stream().map(Part::weight).toList());
    this.offsets = new int[parts.size()];
    int offset = 0;
    for (int k = 0; k < offsets.length; k++) {
      offsets[k] = offset;
      offset += parts.get(k).size();
      long own = k == 0 ? seed : SplitMix64.hash(seed, TURNS - k);
      orders.add(order(own, parts.get(k)));
    }
  }

  private static LongToIntFunction order(long seed, Part part) {
    return part.rare().isNone()
        ? new SampleOrder(seed, part.size())::index
        : new RareClassOrder(seed, part.rare())::index;
  }

  /** The index, in the splits one after the other, of the sample at a position of at least 0. */
  public int index(long position) {
    if (position < 0) {
      throw new IllegalArgumentException(
          "Cannot find the sample: expected a position of at least 0, found " + position);
    }
    long number = position / BLOCK;
    Block block = latest;
    if (block == null || block.number() != number) {
      block = block(number);
      latest = block;
    }
    int place = (int) (position % BLOCK);
    int part = block.parts()[place];
    return offsets[part] + orders.get(part).applyAsInt(block.ranks()[place]);
  }

  /** Which split each place of a block has, and which of that split's samples in its order. */
  private Block block(long number) {
    long[] ranks = shares.counts(number * BLOCK);
    long[] ends = shares.counts((number + 1) * BLOCK);
    int[] parts = new int[BLOCK];
    int place = 0;
    for (int part = 0; part < ranks.length; part++) {
      for (long rank = ranks[part]; rank < ends[part]; rank++) {
        parts[place++] = part;
      }
    }
    SplitMix64 random = new SplitMix64(SplitMix64.hash(SplitMix64.hash(seed, TURNS), number));
    for (int i = BLOCK - 1; i > 0; i--) { // Fisher-Yates
      int j = random.nextInt(i + 1);
      int part = parts[i];
      parts[i] = parts[j];
      parts[j] = part;
    }
    long[] rankOf = new long[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      rankOf[i] = ranks[parts[i]]++;
    }
    return new Block(number, parts, rankOf);
  }
}
