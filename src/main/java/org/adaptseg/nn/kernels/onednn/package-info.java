/** Kernels of oneDNN in its own blocked layout: float32 on processors. */
package org.adaptseg.nn.kernels.onednn;
