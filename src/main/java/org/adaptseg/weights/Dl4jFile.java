package org.adaptseg.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.adaptseg.data.store.Json;

/**
 * The zip file of DL4J's ModelSerializer, of a ComputationGraph: its configuration as JSON and its
 * parameters as one vector. Ours have a third entry, which DL4J passes over: what no layer shows.
 */
final class Dl4jFile {
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  private static final String ABOUT = "adaptseg.json";
  private static final int MAX_CONFIGURATION = 1 << 24;
  private static final int MAX_ABOUT = 1 << 22;

  /** The first moment that a zip file can state. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Dl4jFile() {}

  /** Whether an archive is one of DL4J. */
  static boolean isDl4j(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.getEntry(CONFIGURATION) != null && zip.getEntry(COEFFICIENTS) != null;
    } catch (ZipException e) {
      return false; // said by the reader of PyTorch's archives
    }
  }

  /**
   * @throws WeightsException if layers or values are not those of a graph that can be read
   */
  static StateDictionary read(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Dl4jConfiguration configuration =
          Dl4jConfiguration.of(json(zip, CONFIGURATION, MAX_CONFIGURATION));
      Map<String, String> about = metadata(zip);
      about.putAll(configuration.about());
      return new StateDictionary(tensors(zip, configuration), Map.of(), about, "", "");
    } catch (ZipException | UTFDataFormatException e) {
      throw refused("entries of a zip file that can be unpacked", String.valueOf(e.getMessage()));
    } catch (EOFException e) {
      throw refused("more values", "the end of " + COEFFICIENTS);
    } catch (ArithmeticException e) {
      throw refused("sizes of tensors below 2 GB", "sizes beyond that");
    }
  }

  /** What our own entry says; empty if there is none. */
  static Map<String, String> metadata(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return metadata(zip);
    }
  }

  private static Map<String, String> metadata(ZipFile zip) throws IOException {
    Map<String, String> about = new LinkedHashMap<>();
    if (zip.getEntry(ABOUT) != null) {
      about(json(zip, ABOUT, MAX_ABOUT), about);
    }
    return about;
  }

  private static InputStream open(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw refused("an entry " + name, "none");
    }
    return new CheckedEntry(zip, entry);
  }

  private static JsonNode json(ZipFile zip, String name, int most) throws IOException {
    byte[] text;
    try (InputStream in = open(zip, name)) {
      text = in.readNBytes(most + 1);
    }
    if (text.length > most) {
      throw refused(String.format(Locale.ROOT, "at most %d bytes", most), "more in " + name);
    }
    try {
      return Json.strictTree(text);
    } catch (JsonProcessingException e) {
      throw refused("JSON in " + name, Json.problem(e));
    }
  }

  private static void about(JsonNode json, Map<String, String> about) {
    if (json == null || !json.isObject()) {
      throw refused("an object in " + ABOUT, "something else");
    }
    json.fields().forEachRemaining(field -> about.put(field.getKey(), field.getValue().asText()));
  }

  private static Map<String, Tensor> tensors(ZipFile zip, Dl4jConfiguration configuration)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(open(zip, COEFFICIENTS), 1 << 16))) {
      ElementType type = Nd4jVector.readHeader(in, length(configuration));
      for (Dl4jConfiguration.Entry entry : configuration.tensors()) {
        long length = Tensor.elements(entry.shape());
        tensors.put(
            entry.key(), new Tensor(type, entry.shape(), Nd4jVector.readValues(in, type, length)));
      }
      if (in.read() >= 0) {
        throw refused("the end of " + COEFFICIENTS, "more");
      }
    }
    return tensors;
  }

  private static long length(Dl4jConfiguration configuration) {
    long length = 0;
    for (Dl4jConfiguration.Entry entry : configuration.tensors()) {
      length = Math.addExact(length, Tensor.elements(entry.shape()));
    }
    if (length > WeightFiles.MAX_BYTES / Float.BYTES) {
      throw refused(
          String.format(Locale.ROOT, "at most %d values", WeightFiles.MAX_BYTES / Float.BYTES),
          String.valueOf(length));
    }
    return length;
  }

  /**
   * Writes the same bytes whenever it is called.
   *
   * @param configuration of a graph whose layers have these tensors
   */
  static void write(
      String configuration,
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      OutputStream out)
      throws IOException {
    Dl4jConfiguration layers = Dl4jConfiguration.of(Json.strictTree(configuration));
    ObjectNode about = Json.object();
    metadata.forEach(about::put);
    ZipOutputStream zip = new ZipOutputStream(out);
    entry(zip, CONFIGURATION);
    zip.write(configuration.getBytes(StandardCharsets.UTF_8));
    entry(zip, ABOUT);
    zip.write(Json.indented(about));
    zip.setLevel(Deflater.NO_COMPRESSION); // floats hardly get smaller
    entry(zip, COEFFICIENTS);
    DataOutputStream values = new DataOutputStream(zip);
    Nd4jVector.writeHeader(values, length(layers));
    for (Dl4jConfiguration.Entry entry : layers.tensors()) {
      Nd4jVector.writeValues(values, tensors.get(entry.key()));
    }
    values.flush();
    zip.finish();
  }

  private static void entry(ZipOutputStream zip, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
  }

  private static WeightsException refused(String expected, String found) {
    return new WeightsException(
        "Cannot read DL4J's zip file: expected %s, found %s".formatted(expected, found));
  }
}
