package org.adaptseg.job;

import org.apache.spark.SparkConf;

/**
 * What Spark hides on its pages, in its logs and in its event logs. It looks for the expression in
 * the names of settings and in their values, command lines among them.
 */
public final class SparkRedaction {
  public static final String SETTING = "spark.redaction.regex";

  /** Spark's own words, the names that environment variables have, and URIs with a password. */
  static final String EXPRESSION =
      "(?i)secret|passw(or)?d|token|(access|account|encryption|private|shared)[._-]?key"
          + "|://[^/?#\\s]*:[^/?#@\\s]*@";

  private SparkRedaction() {}

  /** Adds ours to what a user asks for. */
  public static void apply(SparkConf conf) {
    String theirs = conf.get(SETTING, "");
    conf.set(SETTING, theirs.isEmpty() ? EXPRESSION : "(?:" + theirs + ")|(?:" + EXPRESSION + ")");
  }
}
