/** Hadoop file systems: early access checks, retries, reading ahead and writing whole files. */
package org.adaptseg.data.store;
