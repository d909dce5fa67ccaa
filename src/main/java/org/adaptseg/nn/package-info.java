/**
 * The numeric room: the two-headed generator, the discriminators, what happens between them at
 * image size, and their initial values. Tensors are NCHW unless a method says otherwise.
 */
package org.adaptseg.nn;
