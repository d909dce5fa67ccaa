/**
 * What is done when, and by whom: the schedule that cuts a run into rounds, the part of the samples
 * that a worker takes, and the learning rates.
 */
package org.adaptseg.train.schedule;
