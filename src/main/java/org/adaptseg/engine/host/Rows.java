package org.adaptseg.engine.host;

import org.bytedeco.javacpp.FloatPointer;

/**
 * Rows of pixels in memory, the channels of a pixel side by side.
 *
 * @param values first value
 * @param pixels number of rows
 * @param channels C
 */
public record Rows(FloatPointer values, int pixels, int channels) {}
