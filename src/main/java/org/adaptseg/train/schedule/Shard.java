package org.adaptseg.train.schedule;

/**
 * Which part of the samples a worker takes: worker {@code worker} of {@code workers}.
 *
 * @param worker 0 ≤ worker &lt; workers
 * @param workers number of workers of the run
 */
public record Shard(int worker, int workers) implements java.io.Serializable {
  public Shard {
    if (workers < 1 || worker < 0 || worker >= workers) {
      throw new IllegalArgumentException(
          "Cannot form a shard: expected 0 <= worker < workers, found worker "
              + worker
              + " of "
              + workers);
    }
  }
}
