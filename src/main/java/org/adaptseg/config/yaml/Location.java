package org.adaptseg.config.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a text that is a path or URI. A relative path in a file is relative to that file where
 * something is there, and otherwise to the working directory; see {@link Locations}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Location {
  /** Whether the text is a shipped name unless it ends in {@code .yaml} or {@code .yml}. */
  boolean orName() default false;

  /** Whether the run makes what is there: then it may have no place yet. */
  boolean written() default false;
}
