package org.adaptseg.spark.task;

import org.apache.spark.api.java.JavaSparkContext;

/** Names the jobs and stages of a scope on Spark's pages; the name before comes back at its end. */
final class JobDescription implements AutoCloseable {
  private static final String PROPERTY = "spark.job.description";

  private final JavaSparkContext context;
  private final String before;

  public JobDescription(JavaSparkContext context, String description) {
    this.context = context;
    this.before = context.getLocalProperty(PROPERTY);
    context.setLocalProperty(PROPERTY, description);
  }

  /** Names the stages that follow; without it, Spark shows a line of our code. */
  public void stage(String name) {
    context.setCallSite(name);
  }

  @Override
  public void close() {
    context.clearCallSite();
    context.setLocalProperty(PROPERTY, before);
  }
}
