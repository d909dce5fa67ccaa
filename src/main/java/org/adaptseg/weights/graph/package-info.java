/** The generator in operators that every program has, for whoever writes it in another form. */
package org.adaptseg.weights.graph;
