/**
 * The layers of the networks. A specification says which parameters a layer has, under the names of
 * the PyTorch networks, and what it costs; a layer runs it: which operators of the {@link
 * org.adaptseg.engine.Engine} in which order.
 */
package org.adaptseg.nn.layers;
