/**
 * The networks as a learner sees them: plain arrays in, losses and opaque predictions out. Nothing
 * of ND4J shows here.
 */
package org.adaptseg.nn.training;
