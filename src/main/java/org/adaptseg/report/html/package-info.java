/**
 * The report of one run, or of several side by side: one HTML file that needs nothing else, made
 * from what a run directory holds.
 */
package org.adaptseg.report.html;
