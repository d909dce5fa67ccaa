/** The optimisers in PyTorch's form, over flat vectors, and the polynomial decay. */
package org.adaptseg.nn.optimizer;
