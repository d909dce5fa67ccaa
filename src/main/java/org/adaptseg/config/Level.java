package org.adaptseg.config;

/**
 * An output level of the generator. {@code MAIN} is the head on the last stage; evaluation reads
 * it.
 */
public enum Level {
  AUX,
  MAIN
}
