/** Labels that a network gives to target images, as a dataset for a later run. */
package org.adaptseg.job.pseudo;
