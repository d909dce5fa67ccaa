/** Randomness as a function of seeds and indices, equal on every machine and in every order. */
package org.adaptseg.data.random;
