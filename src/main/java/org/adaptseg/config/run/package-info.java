/** What a configuration says of the run itself: where it writes. */
package org.adaptseg.config.run;
