/**
 * One worker's learner (plan of a round in, losses and new state out), and what the driver reports
 * to its listeners. Nothing here knows Spark.
 */
package org.adaptseg.train;
