/** Loops of ours on as many threads as the native kernels use. */
package org.adaptseg.nn.parallel;
