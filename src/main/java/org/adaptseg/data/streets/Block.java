package org.adaptseg.data.streets;

/**
 * A stretch of what lines a side of the street.
 *
 * @param kind building or vegetation
 * @param end distance from the camera, in metres, at which the next block begins
 * @param height in metres
 * @param id tells blocks of a scene apart
 */
record Block(StreetClass kind, double end, double height, int id) {}
