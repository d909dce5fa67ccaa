package org.adaptseg.data;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A split that keeps its most recently used samples in memory. Only a cache: what it returns is
 * what the split below returns.
 */
public final class CachedSplit implements Split {
  private record Key(boolean labelled, int index) {}

  private final Split split;
  private final int capacity;
  private final Map<Key, Sample> kept; // guarded by itself
  private final AtomicLong decoded = new AtomicLong();

  /**
   * @param split owned: closing this closes it
   * @param capacity number of samples kept; 0 keeps none
   */
  public CachedSplit(Split split, int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException(
          "Cannot cache samples: expected a number of at least 0, found " + capacity);
    }
    this.split = split;
    this.capacity = capacity;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Sample> eldest) {
            return size() > CachedSplit.this.capacity;
          }
        };
  }

  @Override
  public int size() {
    return split.size();
  }

  @Override
  public String id(int index) {
    return split.id(index);
  }

  @Override
  public Sample.Labelled labelled(int index) throws IOException {
    Key key = new Key(true, index);
    if (find(key) instanceof Sample.Labelled sample) {
      return sample;
    }
    Sample.Labelled sample = split.labelled(index);
    decoded.incrementAndGet();
    keep(key, sample);
    return sample;
  }

  @Override
  public Sample.Unlabelled unlabelled(int index) throws IOException {
    Key key = new Key(false, index);
    if (find(key) instanceof Sample.Unlabelled sample) {
      return sample;
    }
    Sample.Unlabelled sample = split.unlabelled(index);
    decoded.incrementAndGet();
    keep(key, sample);
    return sample;
  }

  @Override
  public LabelImage originalLabels(int index) throws IOException {
    return split.originalLabels(index);
  }

  @Override
  public void announce(int index, boolean labelled) {
    boolean isKept;
    synchronized (kept) {
      isKept = kept.containsKey(new Key(labelled, index)); // does not count as a use
    }
    if (!isKept) {
      split.announce(index, labelled);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (kept) {
      kept.clear();
    }
    split.close();
  }

  /** Number of samples so far that were not in memory and came from the split below. */
  public long decoded() {
    return decoded.get();
  }

  private Sample find(Key key) {
    synchronized (kept) {
      return kept.get(key);
    }
  }

  private void keep(Key key, Sample sample) {
    synchronized (kept) {
      kept.put(key, sample);
    }
  }
}
