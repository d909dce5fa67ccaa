/**
 * Event files that TensorBoard reads: a small writer of the few fields that a run needs. The
 * generated classes that TensorFlow publishes want a Protocol Buffers runtime that clashes with
 * Spark's.
 */
package org.adaptseg.report.tensorboard;
