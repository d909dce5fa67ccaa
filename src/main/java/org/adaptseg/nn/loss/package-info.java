/** The losses with their gradients: cross-entropy with ignore, and both adversarial losses. */
package org.adaptseg.nn.loss;
