/** The commands and their exit codes; the only place that wires the rooms together. */
package org.adaptseg.cli;
