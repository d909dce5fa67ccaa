package org.adaptseg.config.yaml;

/** A constant whose name in YAML is not that of Java: one that begins with a digit, say. */
public interface Keyed {
  /** The name in YAML. */
  String key();
}
