/**
 * Pixels and labels: decoding PNG and JPEG as Pillow does, resizing as Pillow does, label maps and
 * network inputs.
 */
package org.adaptseg.data.image;
