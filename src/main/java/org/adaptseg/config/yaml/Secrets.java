package org.adaptseg.config.yaml;

import java.util.regex.Pattern;

/** How secrets look, in names, texts and URIs, and how they are hidden: nobody else knows. */
public final class Secrets {
  /** What stands in a secret's place. */
  public static final String HIDDEN = "(hidden)";

  private static final String URI_PASSWORD = "://[^/?#\\s]*:[^/?#@\\s]*@";
  private static final Pattern PASSWORD = Pattern.compile(URI_PASSWORD);

  /** User and password, or key and secret, inside a URI: {@code s3a://KEY:SECRET@bucket}. */
  private static final Pattern USER = Pattern.compile("(?<=://)[^/@\\s]*@");

  /** Names whose values are never shown, whatever their spelling. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?i).*(secret|passw|passphrase|token|credential|access[-_.]?key|api[-_.]?key"
              + "|private[-_.]?key|signature).*");

  /** Values of such names in the query of a URI. */
  private static final Pattern QUERY =
      Pattern.compile("(?i)([?&][^=&\\s]*(?:secret|passw|token|key|sig)[^=&\\s]*=)[^&\\s]+");

  private Secrets() {}

  /** Whether a value of this name is a secret. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether a URI names a user with a password, which would be saved and shown with it. */
  public static boolean holdsPassword(String uri) {
    return PASSWORD.matcher(uri).find();
  }

  /** Whether a URI names a user, with a password or without. */
  public static boolean namesUser(String uri) {
    return USER.matcher(uri).find();
  }

  /** A text without the users that URIs in it name; it says where something was. */
  public static String hide(String text) {
    String withoutUser = USER.matcher(text).replaceAll(HIDDEN + "@");
    return QUERY.matcher(withoutUser).replaceAll("$1" + HIDDEN);
  }

  /** A text whose URIs name no user and hold no secret, and can still be followed. */
  public static String withoutUser(String text) {
    return QUERY.matcher(USER.matcher(text).replaceAll("")).replaceAll("$1" + HIDDEN);
  }

  /**
   * What Spark looks for in the names and in the values of settings, command lines among them:
   * Spark's own words, the names that environment variables have, and URIs with a password. A value
   * in which it is found is hidden as a whole, so it is narrower than {@link #isName}.
   */
  public static String expression() {
    return "(?i)secret|passw(or)?d|token|(access|account|encryption|private|shared)[._-]?key|"
        + URI_PASSWORD;
  }
}
