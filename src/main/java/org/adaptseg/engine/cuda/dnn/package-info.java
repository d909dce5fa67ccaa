/** CUDA's and cuDNN's answers and descriptors, for the operators of {@code engine.cuda}. */
package org.adaptseg.engine.cuda.dnn;
