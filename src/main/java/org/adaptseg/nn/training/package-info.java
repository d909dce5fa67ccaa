/**
 * The networks as a learner sees them: plain arrays in, promises of losses and opaque predictions
 * out. No tensor shows here.
 */
package org.adaptseg.nn.training;
