package org.adaptseg.cli;

import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** Versions of the program and of what it runs on. */
final class Versions implements IVersionProvider {
  static Map<String, String> all() {
    String project = Versions.class.getPackage().getImplementationVersion();
    return Map.of(
        "project",
        project == null ? "development" : project,
        "java",
        System.getProperty("java.version"),
        "spark",
        org.apache.spark.package$.MODULE$.SPARK_VERSION());
  }

  @Override
  public String[] getVersion() {
    Map<String, String> v = all();
    return new String[] {
      "adaptseg " + v.get("project"), "Spark " + v.get("spark"), "Java " + v.get("java")
    };
  }
}
