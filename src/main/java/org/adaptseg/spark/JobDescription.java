package org.adaptseg.spark;

import org.apache.spark.api.java.JavaSparkContext;

/** Names the jobs of a scope on Spark's pages; the name before comes back at its end. */
final class JobDescription implements AutoCloseable {
  private static final String PROPERTY = "spark.job.description";

  private final JavaSparkContext context;
  private final String before;

  JobDescription(JavaSparkContext context, String description) {
    this.context = context;
    this.before = context.getLocalProperty(PROPERTY);
    context.setLocalProperty(PROPERTY, description);
  }

  @Override
  public void close() {
    context.setLocalProperty(PROPERTY, before);
  }
}
