/** The generator as an ONNX model, which ONNX Runtime and many other programs run. */
package org.adaptseg.weights.onnx;
