/**
 * How the numbers of a layer are computed. {@link org.adaptseg.nn.kernels.Kernels} is the port;
 * each implementation has a package below.
 */
package org.adaptseg.nn.kernels;
