package org.adaptseg.config.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key that a record had once: the message for a file that still has it says what replaces it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Removed {
  /** The old key. */
  String key();

  /** Why it is gone, as a part of a sentence. */
  String because();
}
