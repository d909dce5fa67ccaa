/** What a run needs of the process it is in: its user, signals, versions and failures. */
package org.adaptseg.job.process;
