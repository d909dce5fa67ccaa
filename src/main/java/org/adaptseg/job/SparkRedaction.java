package org.adaptseg.job;

import org.adaptseg.config.yaml.Secrets;
import org.apache.spark.SparkConf;

/** What Spark hides on its pages, in its logs and in its event logs. */
public final class SparkRedaction {
  public static final String SETTING = "spark.redaction.regex";

  private SparkRedaction() {}

  /** Adds ours to what a user asks for. */
  public static void apply(SparkConf conf) {
    String theirs = conf.get(SETTING, "");
    String ours = Secrets.expression();
    conf.set(SETTING, theirs.isEmpty() ? ours : "(?:" + theirs + ")|(?:" + ours + ")");
  }
}
