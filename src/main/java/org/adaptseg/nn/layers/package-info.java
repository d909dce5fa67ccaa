/**
 * The layers of the networks as DL4J layers. A layer says what is computed and in which order; the
 * {@link org.adaptseg.nn.kernels.Kernels} say how. Every layer has a configuration class, which
 * DL4J serialises as JSON, and a runtime class; parameters carry the names of the PyTorch networks.
 */
package org.adaptseg.nn.layers;
