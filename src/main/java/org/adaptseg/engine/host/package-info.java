/**
 * What engines on the processor share: loops of ours over float32 in its memory, on as many threads
 * as the native kernels use.
 */
package org.adaptseg.engine.host;
