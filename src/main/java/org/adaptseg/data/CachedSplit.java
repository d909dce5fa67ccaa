package org.adaptseg.data;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.image.RgbImage;

/**
 * A split whose samples are taken from a cache where it has them. Only a cache: what it returns is
 * what the split below returns.
 */
public final class CachedSplit implements Split {
  private final Split split;
  private final SampleCache cache;
  private final AtomicLong decoded = new AtomicLong();

  /**
   * @param split owned: closing this closes it
   * @param cache of samples of this split, perhaps also of other readers of it
   */
  public CachedSplit(Split split, SampleCache cache) {
    this.split = split;
    this.cache = cache;
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
    SampleCache.Key key = new SampleCache.Key(true, index);
    if (cache.find(key) instanceof Sample.Labelled sample) {
      return sample;
    }
    Sample.Labelled sample = split.labelled(index);
    decoded.incrementAndGet();
    cache.keep(key, sample);
    return sample;
  }

  @Override
  public Sample.Unlabelled unlabelled(int index) throws IOException {
    SampleCache.Key key = new SampleCache.Key(false, index);
    if (cache.find(key) instanceof Sample.Unlabelled sample) {
      return sample;
    }
    Sample.Unlabelled sample = split.unlabelled(index);
    decoded.incrementAndGet();
    cache.keep(key, sample);
    return sample;
  }

  @Override
  public RgbImage pixels(int index) throws IOException {
    return split.pixels(index);
  }

  @Override
  public LabelImage originalLabels(int index) throws IOException {
    return split.originalLabels(index);
  }

  @Override
  public void announce(int index, boolean labelled) {
    if (!cache.contains(new SampleCache.Key(labelled, index))) {
      split.announce(index, labelled);
    }
  }

  @Override
  public void close() throws IOException {
    split.close();
  }

  /** Samples so far that were not in memory and came from the split below. */
  public long decoded() {
    return decoded.get();
  }
}
