/**
 * What computes: the backend of ND4J that this process has, the device of a worker, and what either
 * needs. {@link org.adaptseg.nn.backend.Backend} chooses the kernels.
 */
package org.adaptseg.nn.backend;
