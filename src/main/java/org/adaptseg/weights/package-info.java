/**
 * Parameters in and out of other programs' files: PyTorch's {@code .pth} (zip, and the format from
 * before 1.6), safetensors and DL4J's zip files. Foreign files are data only: of a pickle the few
 * constructs that PyTorch writes for tensors are read, everything else is passed over or refused,
 * and nothing in a file is ever run.
 */
package org.adaptseg.weights;
