package org.adaptseg.config.yaml;

import java.io.File;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths and URIs as users give them. */
public final class Locations {
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:([\\\\/].*)?", Pattern.DOTALL);
  private static final Pattern VARIABLE =
      Pattern.compile("(\\$\\w+|\\$\\{\\w+\\}|%\\w+%)([/\\\\].*)?", Pattern.DOTALL);
  private static final Pattern FILE_HOST = Pattern.compile("(?i)file://[^/].*", Pattern.DOTALL);
  private static final Pattern FILE_RELATIVE = Pattern.compile("(?i)file:[^/].*", Pattern.DOTALL);

  private Locations() {}

  /** Whether the text names a YAML file, and not something that the program ships. */
  public static boolean isYamlFile(String text) {
    return text.endsWith(".yaml") || text.endsWith(".yml");
  }

  /** Whether it is a path, and one whose meaning depends on where one stands. */
  public static boolean isRelative(String location) {
    return !location.isEmpty() && !location.startsWith("/") && !SCHEME.matcher(location).matches();
  }

  /** The folder that a file is in; empty if its path does not say. */
  public static String folderOf(String file) {
    int slash = file.lastIndexOf('/');
    return slash < 0 ? "" : slash == 0 ? "/" : file.substring(0, slash);
  }

  /**
   * The path that a user means: {@code ~} and {@code ~/} are the home directory, and a line ending
   * of Windows at the end is none of the path.
   *
   * @throws IllegalArgumentException saying what was expected, for what is a path elsewhere only:
   *     {@code ~name}, {@code $HOME/x}, {@code C:\x}, {@code file://x}
   */
  public static String given(String text) {
    return given(text, System.getenv());
  }

  /** As {@link #given(String)}, with these variables in place of the environment's. */
  static String given(String text, Map<String, String> environment) {
    String location = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    Matcher variable = VARIABLE.matcher(location);
    if (variable.matches()) {
      throw new IllegalArgumentException(
          "expected a path without variables, which are not replaced here, found '%s' (write ~/ for the home directory, or ./%s for a file of that name)"
              .formatted(location, location));
    }
    if (DRIVE.matcher(location).matches()) {
      throw new IllegalArgumentException(
          "expected a path of this system or a URI, found '%s', which is one of Windows (the same drive may be at /mnt/%s here)"
              .formatted(location, Names.lower(location.substring(0, 1))));
    }
    if (FILE_HOST.matcher(location).matches()) {
      throw new IllegalArgumentException(
          "expected file:/ and an absolute path, found '%s', whose first folder would be a host"
              .formatted(location));
    }
    if (FILE_RELATIVE.matcher(location).matches()) {
      throw new IllegalArgumentException(
          "expected file:/ and an absolute path, found '%s' (a relative path is written without file:)"
              .formatted(location));
    }
    if (!location.startsWith("~")) {
      return location;
    }
    if (location.length() > 1 && location.charAt(1) != '/') {
      throw new IllegalArgumentException(
          "expected ~/ for the home directory, or a path, found '%s' (others' home directories are written out; a file of that name is ./%s)"
              .formatted(location, location));
    }
    return home(environment) + location.substring(1);
  }

  private static String home(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    if (home.isEmpty()) {
      home = System.getProperty("user.home", "");
    }
    if (!new File(home).isAbsolute()) {
      throw new IllegalArgumentException(
          "expected a home directory for ~, found none (set HOME, or write the path out)");
    }
    return home.length() > 1 && home.endsWith("/") ? home.substring(0, home.length() - 1) : home;
  }
}
