package org.adaptseg.nn.loss;

/**
 * A scalar loss and its gradient.
 *
 * @param loss value
 * @param gradient of the loss with respect to the inputs, same order
 */
public record LossValue(double loss, float[] gradient) {}
