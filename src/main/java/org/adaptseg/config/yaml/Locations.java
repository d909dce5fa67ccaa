package org.adaptseg.config.yaml;

import java.util.regex.Pattern;

/** Paths and URIs as users give them. */
public final class Locations {
  private static final Pattern PASSWORD = Pattern.compile("://[^/?#\\s]*:[^/?#@\\s]*@");

  private Locations() {}

  /** Whether a URI names a user with a password, which would be saved and shown with it. */
  public static boolean holdPassword(String location) {
    return PASSWORD.matcher(location).find();
  }
}
