package org.adaptseg.config.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of a record's components that gather what is wrong instead of stopping at the first. */
public final class Ranges {
  /**
   * One component out of its range.
   *
   * @param component name of the record component, in camel case
   * @param text what was expected and what was found
   */
  public record Violation(String component, String text) {}

  /** Thrown by the constructor of a record whose components are out of range. */
  public static final class ViolationsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final transient List<Violation> violations;

    ViolationsException(Class<?> type, List<Violation> violations) {
      super("Cannot make a " + type.getSimpleName() + ": " + describe(violations));
      this.violations = List.copyOf(violations);
    }

    /** What is out of range, in the order of the checks. */
    public List<Violation> violations() {
      return violations;
    }

    private static String describe(List<Violation> violations) {
      return String.join(
          "; ", violations.stream().map(v -> v.component() + ": " + v.text()).toList());
    }
  }

  private final List<Violation> violations = new ArrayList<>();

  /** Expects {@code value >= least}. */
  public Ranges atLeast(String component, long value, long least) {
    return check(value >= least, component, "at least " + least, value);
  }

  /** Expects a finite {@code value >= least}. */
  public Ranges atLeast(String component, double value, double least) {
    return check(
        value >= least && Double.isFinite(value),
        component,
        "a number of at least " + number(least),
        number(value));
  }

  /** Expects a finite {@code value > bound}. */
  public Ranges above(String component, double value, double bound) {
    return check(
        value > bound && Double.isFinite(value),
        component,
        "a number above " + number(bound),
        number(value));
  }

  /** Expects {@code 0 <= value < 1}. */
  public Ranges fraction(String component, double value) {
    return check(value >= 0 && value < 1, component, "a number from 0 to below 1", number(value));
  }

  /** Expects a text with something to see. */
  public Ranges notBlank(String component, String value) {
    return check(!value.isBlank(), component, "a text that is not blank", "'" + value + "'");
  }

  /** The value of a URI with a password is not shown: messages end up in logs. */
  public Ranges noPassword(String component, String value) {
    return check(
        !Secrets.holdsPassword(value),
        component,
        "a location without user and password (credentials belong into Hadoop's settings)",
        "one with them");
  }

  /** Expects each entry once. */
  public Ranges noDuplicates(String component, Collection<?> values) {
    Set<Object> seen = new HashSet<>();
    List<?> twice = values.stream().filter(v -> !seen.add(v)).toList();
    return check(twice.isEmpty(), component, "each entry once", "again " + twice);
  }

  /** Expects every weight of a map to be a number of at least 0. */
  public Ranges weights(String component, Map<String, Double> weights) {
    return check(
        weights.values().stream().allMatch(w -> w >= 0 && Double.isFinite(w)),
        component,
        "numbers of at least 0",
        weights);
  }

  /** Expects a map to have the levels of the model as its keys. */
  public Ranges levels(
      String component, String key, Map<String, Double> weights, Collection<String> levels) {
    return check(
        weights.keySet().equals(Set.copyOf(levels)),
        component,
        "a " + key + " for each level of model.levels and for no other: " + levels,
        weights);
  }

  /** Expects a condition to hold. */
  public Ranges check(boolean holds, String component, String expected, Object found) {
    if (!holds) {
      violations.add(new Violation(component, "expected " + expected + ", found " + found));
    }
    return this;
  }

  /** Throws if anything was violated. */
  public void verify(Class<?> type) {
    if (!violations.isEmpty()) {
      throw new ViolationsException(type, violations);
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
