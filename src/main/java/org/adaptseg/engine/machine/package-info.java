/**
 * What this machine can compute with: its engines, the device of a worker, and what they need.
 * {@link org.adaptseg.engine.machine.Engines} chooses.
 */
package org.adaptseg.engine.machine;
