/** What a person or a program sees of a run: progress on the console, scores as table and JSON. */
package org.adaptseg.report;
