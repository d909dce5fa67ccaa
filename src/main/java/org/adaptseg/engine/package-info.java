/**
 * The port between what is computed and how and where. A network describes itself by operators on
 * {@link org.adaptseg.engine.Tensor}s and {@link org.adaptseg.engine.Vector}s; an {@link
 * org.adaptseg.engine.Engine} makes them. Which memory they are in, and in which layout and type,
 * is the engine's own: neither arrays of a library nor addresses leave it.
 */
package org.adaptseg.engine;
