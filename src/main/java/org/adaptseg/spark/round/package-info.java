/**
 * One round of synchronous parameter averaging: broadcast the state, train on every worker, average
 * slice by slice. Workers in one process average in memory, executors through Spark's shuffle; both
 * give the same bits.
 */
package org.adaptseg.spark.round;
