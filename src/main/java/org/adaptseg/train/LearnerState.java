package org.adaptseg.train;

import java.util.List;

/**
 * Everything a learner carries from one round to the next, as named flat float32 vectors:
 * parameters, optimiser state and running statistics of every network. Averaging is elementwise
 * over workers. The arrays are not copied; holders of a state must not write to it.
 */
public record LearnerState(List<Vector> vectors) {

  /**
   * One flat vector.
   *
   * @param name for example {@code generator.parameters}, {@code discriminator-aux.adam-m}
   * @param values not copied
   */
  public record Vector(String name, float[] values) {}

  public LearnerState {
    vectors = List.copyOf(vectors);
  }

  /**
   * The vector of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public float[] values(String name) {
    return vectors.stream()
        .filter(v -> v.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read a state: expected a vector "
                        + name
                        + ", found "
                        + vectors.stream().map(Vector::name).toList()))
        .values();
  }

  /** Total number of values. */
  public long size() {
    return vectors.stream().mapToLong(v -> v.values().length).sum();
  }
}
