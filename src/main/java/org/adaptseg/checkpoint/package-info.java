/**
 * What a run saves and how it resumes. A checkpoint is a directory of raw vectors that is complete
 * when its {@code state.json}, written last, and every hash in it verify. Nothing is renamed: on an
 * object store a rename is a copy that can stop half way.
 */
package org.adaptseg.checkpoint;
