/** What {@code predict} reads and writes: folders of images in, label images out. */
package org.adaptseg.data.prediction;
