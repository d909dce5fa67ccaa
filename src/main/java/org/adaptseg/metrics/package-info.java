/** Confusion matrices and the scores made from them. */
package org.adaptseg.metrics;
