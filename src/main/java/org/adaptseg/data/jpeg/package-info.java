/**
 * Decodes JPEG files (ITU-T T.81) to the very pixels that libjpeg-turbo gives, and so Pillow,
 * torchvision and OpenCV: the same inverse transform, the same interpolation of colour, the same
 * conversion, integer by integer. Java's own reader is another library on every JDK, applies colour
 * profiles and takes damaged files.
 */
package org.adaptseg.data.jpeg;
