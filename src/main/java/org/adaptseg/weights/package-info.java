/**
 * Parameters in and out of other programs' files: PyTorch's {@code .pth} (zip, and the format from
 * before 1.6) and safetensors. Foreign files are data only: a pickle may name the few constructs
 * that PyTorch writes for tensors, everything else is refused, and nothing in a file is ever run.
 */
package org.adaptseg.weights;
