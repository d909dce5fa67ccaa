/** The optimisers of the method and the polynomial decay of their rates. */
package org.adaptseg.nn.optimizer;
