package org.adaptseg.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.adaptseg.data.image.Image;
import org.apache.hadoop.conf.Configuration;

/**
 * The splits that a domain's training samples come from, and their weights. A domain of one split
 * is a mixture of one.
 *
 * @param components at least one
 */
public record Mixture(List<Component> components) implements Serializable {
  /**
   * A split of the mixture.
   *
   * @param name key in the configuration, for messages
   * @param weight relative to those of the others, above 0
   * @param rare how often the split's classes are drawn, if its images are drawn by them
   */
  public record Component(String name, SplitPlan split, double weight, RareClasses rare)
      implements Serializable {
    /** A split that is gone through epoch after epoch. */
    public Component(String name, SplitPlan split, double weight) {
      this(name, split, weight, RareClasses.NONE);
    }
  }

  public Mixture {
    components = List.copyOf(components);
    if (components.isEmpty()) {
      throw new IllegalArgumentException("Cannot mix splits: expected at least one, found none");
    }
  }

  /** One split alone. */
  public static Mixture of(String name, SplitPlan split) {
    return new Mixture(List.of(new Component(name, split, 1)));
  }

  /** Number of samples of all splits together. */
  public int size() {
    return components.stream().mapToInt(component -> component.split().size()).sum();
  }

  /** The splits, for the order in which their samples are seen. */
  public List<MixedOrder.Part> parts() {
    return components.stream()
        .map(c -> new MixedOrder.Part(c.split().size(), c.weight(), c.rare()))
        .toList();
  }

  /**
   * Opens all splits as one, in which they stand one after the other.
   *
   * @param form what images hold
   */
  public Split open(Configuration configuration, Image.Form form) throws IOException {
    List<JoinedSplit.Named> open = new ArrayList<>();
    try {
      for (Component component : components) {
        open.add(
            new JoinedSplit.Named(component.name(), component.split().open(configuration, form)));
      }
    } catch (IOException | RuntimeException e) {
      new JoinedSplit(open).close();
      throw e;
    }
    return new JoinedSplit(open);
  }

  /**
   * Samples at even distances in each split, of each its share.
   *
   * @param count how many, at least 1
   * @return indices in the splits one after the other
   */
  public List<Integer> evenly(int count) {
    long[] counts = new Shares(components.stream().map(Component::weight).toList()).counts(count);
    List<Integer> indices = new ArrayList<>();
    int offset = 0;
    for (int k = 0; k < counts.length; k++) {
      int size = components.get(k).split().size();
      for (long i = 0; i < counts[k]; i++) {
        indices.add(offset + Math.toIntExact(i * size / counts[k]));
      }
      offset += size;
    }
    return indices;
  }

  /** The share of a split in the samples drawn, from 0 to 1. */
  public double share(Component component) {
    return component.weight() / components.stream().mapToDouble(Component::weight).sum();
  }

  /** Splits, numbers and shares, for people; empty where there is one split alone. */
  public String describe() {
    if (components.size() == 1) {
      return "";
    }
    return components.stream()
        .map(
            component ->
                String.format(
                    Locale.ROOT,
                    "%s: %d, %.1f %% of the samples",
                    component.name(),
                    component.split().size(),
                    100 * share(component)))
        .collect(Collectors.joining("; ", " (", ")"));
  }
}
