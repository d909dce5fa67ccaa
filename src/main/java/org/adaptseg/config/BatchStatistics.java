package org.adaptseg.config;

/** How batch normalisations work in training; {@link Evaluation.BatchNorm} is about scores. */
public enum BatchStatistics {
  /** Every training forward uses its batch's statistics and moves the running ones. */
  BATCH,
  /** Training forwards use the running statistics, which never change. */
  RUNNING,
  /** As {@code BATCH}, but forwards of unlabelled target images leave the running ones alone. */
  SOURCE_ONLY
}
