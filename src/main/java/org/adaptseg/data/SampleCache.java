package org.adaptseg.data;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The most recently used samples of a split, in memory. Several readers of one split may share it,
 * on any thread; what it holds is never written to.
 */
public final class SampleCache {
  private static final Map<String, WeakReference<SampleCache>> SHARED = new HashMap<>();

  record Key(boolean labelled, int index) {}

  private final Map<Key, Sample> kept; // guarded by itself

  /**
   * @param capacity number of samples kept; 0 keeps none
   */
  public SampleCache(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException(
          "Cannot cache samples: expected a number of at least 0, found " + capacity);
    }
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, Sample> eldest) {
            return size() > capacity;
          }
        };
  }

  /**
   * The cache that everyone in this JVM who asks with this key gets, for as long as someone holds
   * it.
   *
   * @param key tells splits with different samples apart
   */
  public static SampleCache shared(String key, int capacity) {
    synchronized (SHARED) {
      SHARED.values().removeIf(held -> held.get() == null);
      WeakReference<SampleCache> held = SHARED.get(key);
      SampleCache found = held == null ? null : held.get();
      if (found == null) {
        found = new SampleCache(capacity);
        SHARED.put(key, new WeakReference<>(found));
      }
      return found;
    }
  }

  /** The sample, or null if it is not kept. */
  Sample find(Key key) {
    synchronized (kept) {
      return kept.get(key);
    }
  }

  /** Whether the sample is kept; does not count as a use. */
  boolean contains(Key key) {
    synchronized (kept) {
      return kept.containsKey(key);
    }
  }

  void keep(Key key, Sample sample) {
    synchronized (kept) {
      kept.put(key, sample);
    }
  }
}
