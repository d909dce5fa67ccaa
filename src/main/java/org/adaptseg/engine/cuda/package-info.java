/**
 * The engine of NVIDIA's GPUs: convolutions by cuDNN's graph API, everything else by kernels of our
 * own, {@code kernels.cu}, which NVRTC compiles for the device when an engine starts.
 */
package org.adaptseg.engine.cuda;
