package org.adaptseg.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DL4J's zip files by hand; {@code StockGraphTest} has those that DL4J itself reads and writes. */
class Dl4jFileTest {
  private static final String REFUSED = "Cannot read DL4J's configuration.json: expected ";

  @TempDir Path directory;

  private StateDictionary read(byte[] zip) throws IOException {
    Path file = Files.write(directory.resolve("network.zip"), zip);
    return WeightFiles.read(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration());
  }

  private StateDictionary read(String configuration) throws IOException {
    return read(Dl4jZip.of(configuration, Dl4jZip.coefficients(Dl4jZip.VALUES)));
  }

  @Test
  void tensorsHaveTheNamesOfLayersAndStandInDl4jsOrder() throws IOException {
    StateDictionary read = read(Dl4jZip.CONFIGURATION);
    assertThat(read.tensors().keySet())
        .containsExactly(
            "c.bias", "c.weight", "n.weight", "n.bias", "n.running_mean", "n.running_var");
    assertThat(read.tensors().get("c.bias").toFloats()).containsExactly(0, 1);
    assertThat(read.tensors().get("c.weight").toFloats()).containsExactly(2, 3, 4, 5, 6, 7);
    assertThat(read.tensors().get("c.weight").shape()).containsExactly(2, 3, 1, 1);
    assertThat(read.tensors().get("n.running_var").toFloats()).containsExactly(14, 15);
    assertThat(read.metadata()).isEmpty();
  }

  @Test
  void doublesAndHalvesAreReadToo() throws IOException {
    byte[] coefficients = Dl4jZip.coefficients(Dl4jZip.VALUES);
    byte[] header = Arrays.copyOf(coefficients, coefficients.length - 4 * Dl4jZip.VALUES - 7);
    for (int size : new int[] {Double.BYTES, Short.BYTES}) {
      byte[] name = size == Double.BYTES ? bytes("\0\6DOUBLE") : bytes("\0\4HALF");
      ByteBuffer file = ByteBuffer.allocate(header.length + name.length + size * Dl4jZip.VALUES);
      file.put(header).put(name);
      for (int i = 0; i < Dl4jZip.VALUES; i++) {
        if (size == Double.BYTES) {
          file.putDouble(-1.5);
        } else {
          file.putShort((short) 0xBE00);
        }
      }
      StateDictionary read = read(Dl4jZip.of(Dl4jZip.CONFIGURATION, file.array()));
      assertThat(read.tensors().get("c.bias").toFloats()).containsExactly(-1.5f, -1.5f);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "layers.ConvolutionLayer | layers.DenseLayer | convolutions, batch normalisations and"
            + " layers without parameters, found 'org.deeplearning4j.nn.conf.layers.DenseLayer'"
            + " (c)",
        "org.deeplearning4j.nn.conf.layers.Act | java.lang.Runtime | found"
            + " 'java.lang.RuntimeivationLayer' (relu)",
        "graph.ElementWiseVertex | graph.AttentionVertex | layers and sums of them, found",
        "\"useLogStd\": false | \"useLogStd\": true | useLogStd false, found useLogStd true (n)",
        "\"lockGammaBeta\": false | \"lockGammaBeta\": true | lockGammaBeta false, found",
        "1.0E-5 | 0.001 | eps 1.0E-5, found eps 0.001 (n)",
        "NCHW | NHWC | NCHW, found NHWC (c)",
        "\"nout\": 2 | \"nout\": -2 | positive sizes, found -2 (c)",
        "\"nin\": 3 | \"nin\": 3e9 | positive sizes, found 3.0E9 (c)",
        "\"kernelSize\": [1, 1] | \"kernelSize\": [1] | positive sizes, found none (c)",
        "\"relu\", \"sum\"] | \"relu\", \"relu\"] | every vertex once in topologicalOrderStr,"
            + " found 'relu'",
        "\"relu\", \"sum\"] | \"relu\"] | every vertex once in topologicalOrderStr, found none for"
            + " 'sum'",
        "\"vertices\" | \"confs\" | a ComputationGraph with vertices, found a MultiLayerNetwork"
      })
  void aGraphThatOursIsNotIsRefused(String text, String other, String expected) {
    assertThat(Dl4jZip.CONFIGURATION).contains(text);
    assertThatThrownBy(() -> read(Dl4jZip.CONFIGURATION.replace(text, other)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(REFUSED.substring(0, REFUSED.indexOf("expected")))
        .hasMessageContaining(expected)
        .hasMessageEndingWith("network.zip)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "15 | the 16 values of the configuration's layers, found 15 in a shape of 15",
        "17 | the 16 values of the configuration's layers, found 17 in a shape of 17"
      })
  void aVectorOfAnotherLengthIsRefused(int values, String expected) {
    assertThatThrownBy(() -> read(Dl4jZip.of(Dl4jZip.CONFIGURATION, Dl4jZip.coefficients(values))))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("Cannot read DL4J's coefficients.bin: expected " + expected);
  }

  @Test
  void aCutOrLongerVectorIsRefused() throws IOException {
    byte[] whole = Dl4jZip.coefficients(Dl4jZip.VALUES);
    byte[] cut = Dl4jZip.of(Dl4jZip.CONFIGURATION, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> read(cut))
        .hasMessageContaining("expected more values, found the end of coefficients.bin");
    byte[] longer = Dl4jZip.of(Dl4jZip.CONFIGURATION, Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> read(longer))
        .hasMessageContaining("expected the end of coefficients.bin, found more");
  }

  @Test
  void sizesThatTheFileDoesNotHaveAreRefusedWithoutReservingThem() {
    String huge = Dl4jZip.CONFIGURATION.replace("\"nin\": 3", "\"nin\": 400000000");
    assertThatThrownBy(() -> read(huge))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("found 16 in a shape of 16");
    String beyond = huge.replace("[1, 1], \"dil", "[2147483647, 2147483647], \"dil");
    assertThatThrownBy(() -> read(beyond))
        .hasMessageContaining("expected sizes of tensors below 2 GB, found sizes beyond that");
  }

  @Test
  void aConfigurationBeyondTheBoundIsRefused() {
    assertThatThrownBy(() -> read(Dl4jZip.CONFIGURATION + " ".repeat(1 << 24)))
        .hasMessageContaining("expected at most 16777216 bytes, found more in configuration.json");
  }

  @Test
  void aConfigurationThatIsNoJsonIsRefused() {
    assertThatThrownBy(() -> read("{\"vertices\": "))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected JSON in configuration.json, found");
  }
}
