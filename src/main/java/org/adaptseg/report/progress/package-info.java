/** Progress of a run on the terminal: bars where there is one, lines in a log. */
package org.adaptseg.report.progress;
