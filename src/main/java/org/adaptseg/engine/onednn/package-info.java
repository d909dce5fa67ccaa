/** The engine of oneDNN, for processors: float32 and bfloat16 in its own blocked layout. */
package org.adaptseg.engine.onednn;
