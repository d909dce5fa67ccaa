package org.adaptseg.job.process;

import java.util.Map;

/** Versions of the program and of what it runs on. */
public final class Versions {
  /** By name: of the project, Java and Spark. */
  public static Map<String, String> all() {
    String project = Versions.class.getPackage().getImplementationVersion();
    return Map.of(
        "project",
        project == null ? "development" : project,
        "java",
        System.getProperty("java.version"),
        "spark",
        org.apache.spark.package$.MODULE$.SPARK_VERSION());
  }
}
