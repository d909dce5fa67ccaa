/**
 * What the key {@code data} of a configuration describes: datasets, label spaces, and how pixels
 * become the network's input. Knows no run.
 */
package org.adaptseg.config.data;
