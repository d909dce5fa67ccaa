/**
 * The front door for programs: read a configuration, train on a Spark context, evaluate, predict.
 * Wires the rooms below together and knows no command line.
 */
package org.adaptseg.job;
