package org.adaptseg.weights;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives as DL4J writes them, of a network that fits on a page. */
final class Dl4jZip {
  private static final String CONVOLUTION =
      "{'@class': 'org.deeplearning4j.nn.conf.layers.ConvolutionLayer', 'cnn2dDataFormat': 'NCHW',"
          + " 'hasBias': true, 'nin': 3, 'nout': 2, 'kernelSize': [1, 1], 'dilation': [6, 6],"
          + " 'stride': [1, 1]}";

  private static final String NORMALISATION =
      "{'@class': 'org.deeplearning4j.nn.conf.layers.BatchNormalization', 'eps': 1.0E-5,"
          + " 'lockGammaBeta': false, 'nin': 2, 'nout': 2, 'useLogStd': false}";

  /** A convolution of two channels with bias, a normalisation and a ReLU. */
  static final String CONFIGURATION =
      ("{'networkInputs': ['image'], 'topologicalOrderStr': ['image', 'c', 'n', 'relu', 'sum'],"
              + " 'vertices': {'c': LAYERCONVOLUTION}}, 'n': LAYERNORMALISATION}},"
              + " 'relu': LAYER{'@class': 'org.deeplearning4j.nn.conf.layers.ActivationLayer'}}},"
              + " 'sum': {'@class': 'org.deeplearning4j.nn.conf.graph.ElementWiseVertex'}}}")
          .replace(
              "LAYER",
              "{'@class': 'org.deeplearning4j.nn.conf.graph.LayerVertex',"
                  + " 'layerConf': {'layer': ")
          .replace("CONVOLUTION", CONVOLUTION)
          .replace("NORMALISATION", NORMALISATION)
          .replace('\'', '"');

  /** Bias 2, weight 2·3, and four times 2. */
  static final int VALUES = 16;

  private Dl4jZip() {}

  /** The values 0, 1, 2, … */
  static byte[] coefficients(int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    Nd4jVector.writeHeader(out, count);
    for (int i = 0; i < count; i++) {
      out.writeFloat(i);
    }
    return bytes.toByteArray();
  }

  static byte[] of(String configuration, byte[] coefficients) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("configuration.json"));
      zip.write(configuration.getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry("coefficients.bin"));
      zip.write(coefficients);
    }
    return bytes.toByteArray();
  }
}
