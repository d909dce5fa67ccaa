/**
 * How the numbers of a layer are computed. {@link org.adaptseg.nn.kernels.Kernels} is the port;
 * {@link org.adaptseg.nn.kernels.OneDnnKernels} is oneDNN in its own blocked layout (float32 on
 * CPUs), {@link org.adaptseg.nn.kernels.Nd4jKernels} is plain ND4J operations (any backend and
 * precision), the oracle of the tests.
 */
package org.adaptseg.nn.kernels;
