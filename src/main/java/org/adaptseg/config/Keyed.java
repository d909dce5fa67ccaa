package org.adaptseg.config;

/** A constant whose name in YAML is not that of Java: one that begins with a digit, say. */
interface Keyed {
  /** The name in YAML. */
  String key();
}
