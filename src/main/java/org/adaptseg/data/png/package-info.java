/** The PNG format: chunks, inflating and row filters, with bounds against hostile files. */
package org.adaptseg.data.png;
