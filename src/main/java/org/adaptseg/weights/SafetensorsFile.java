package org.adaptseg.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.data.store.Json;

/**
 * The safetensors format: the length of a header (8 bytes, little-endian), the header (JSON: per
 * tensor its dtype, shape and place), the values without gaps.
 */
final class SafetensorsFile {
  /** The bound that the format itself sets. */
  private static final int MAX_HEADER = 100_000_000;

  private static final int ALIGNMENT = 8;
  private static final String METADATA = "__metadata__";

  private SafetensorsFile() {}

  private record Header(List<Entry> entries, Map<String, String> metadata) {}

  private record Entry(String key, ElementType type, long[] shape, long begin, long end) {}

  /** Whether a file's first bytes are a header's length, within the bound, and its beginning. */
  static boolean isSafetensors(byte[] head) {
    return head.length > ALIGNMENT
        && head[ALIGNMENT] == '{'
        && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong() > 1
        && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong() <= MAX_HEADER;
  }

  /**
   * @param size of the whole file in bytes
   * @throws WeightsException if it is not of this format
   */
  static StateDictionary read(InputStream stream, long size) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    Header parsed = header(in, size);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : parsed.entries()) {
      byte[] bytes = in.readNBytes(Math.toIntExact(entry.end() - entry.begin()));
      if (bytes.length < entry.end() - entry.begin()) {
        throw refused("the values of " + entry.key(), "the file's end");
      }
      tensors.put(entry.key(), new Tensor(entry.type(), entry.shape(), ByteBuffer.wrap(bytes)));
    }
    return new StateDictionary(tensors, Map.of(), parsed.metadata(), "", "");
  }

  /** What a file says of itself; reads no tensor. */
  static Map<String, String> metadata(InputStream stream, long size) throws IOException {
    return header(new DataInputStream(stream), size).metadata();
  }

  private static Header header(DataInputStream in, long size) throws IOException {
    if (size < ALIGNMENT) {
      throw refused("at least 8 bytes", size + "");
    }
    long length = Long.reverseBytes(in.readLong());
    if (length < 2 || length > MAX_HEADER || length > size - ALIGNMENT) {
      throw refused(
          "a header within the file of at most " + MAX_HEADER + " bytes",
          length + " in a file of " + size + "; it may be cut");
    }
    return header(in.readNBytes((int) length), size - ALIGNMENT - length);
  }

  /** Entries in the order of their places, which must follow each other without gap or overlap. */
  private static Header header(byte[] header, long dataBytes) {
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try {
      JsonNode root = Json.strictTree(new String(header, StandardCharsets.UTF_8));
      if (root == null || !root.isObject()) {
        throw refused("a JSON object as header", "something else");
      }
      root.fields()
          .forEachRemaining(
              field -> {
                if (field.getKey().equals(METADATA)) {
                  metadata.putAll(metadata(field.getValue()));
                } else {
                  entries.add(entry(field.getKey(), field.getValue()));
                }
              });
    } catch (JsonProcessingException e) {
      throw refused("a JSON header", e.getOriginalMessage());
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin() != at) {
        throw refused(
            String.format(Locale.ROOT, "%s at byte %d", entry.key(), at), entry.begin() + "");
      }
      at = entry.end();
    }
    if (at != dataBytes) {
      throw refused(
          at + " bytes of values", dataBytes + (dataBytes < at ? "; the file is cut" : ""));
    }
    return new Header(entries, metadata);
  }

  private static Map<String, String> metadata(JsonNode node) {
    Map<String, String> metadata = new LinkedHashMap<>();
    node.fields()
        .forEachRemaining(
            field -> {
              if (!field.getValue().isTextual()) {
                throw refused("texts as metadata", "something else (" + field.getKey() + ")");
              }
              metadata.put(field.getKey(), field.getValue().textValue());
            });
    return metadata;
  }

  private static Entry entry(String key, JsonNode node) {
    JsonNode offsets = node.path("data_offsets");
    JsonNode sizes = node.path("shape");
    boolean formed = offsets.isArray() && offsets.size() == 2 && sizes.isArray();
    for (JsonNode offset : offsets) {
      formed &= offset.isIntegralNumber() && offset.canConvertToLong() && offset.asLong() >= 0;
    }
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      formed &= sizes.get(i).isIntegralNumber() && sizes.get(i).canConvertToInt();
      shape[i] = sizes.get(i).asLong();
      formed &= shape[i] >= 0;
    }
    if (!formed) {
      throw refused("dtype, shape and data_offsets", "other values (" + key + ")");
    }
    ElementType type = type(key, node.path("dtype").asText());
    long begin = offsets.get(0).asLong();
    long end = offsets.get(1).asLong();
    long bytes;
    try {
      bytes = Math.multiplyExact(Tensor.elements(shape), (long) type.size());
    } catch (ArithmeticException e) {
      throw refused("a shape that can be", "one beyond all numbers (" + key + ")");
    }
    if (end - begin != bytes || bytes > Integer.MAX_VALUE - 8) {
      throw refused(bytes + " bytes below 2 GB for " + key, (end - begin) + "");
    }
    return new Entry(key, type, shape, begin, end);
  }

  private static ElementType type(String key, String name) {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw refused("a dtype of " + List.of(ElementType.values()), name + " (" + key + ")");
  }

  /** Writes tensors in the order of the map. */
  static void write(Map<String, Tensor> tensors, Map<String, String> metadata, OutputStream out)
      throws IOException {
    ObjectNode header = Json.object();
    ObjectNode about = header.putObject(METADATA);
    metadata.forEach(about::put);
    long at = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.type().name());
      var shape = node.putArray("shape");
      for (long size : tensor.shape()) {
        shape.add(size);
      }
      node.putArray("data_offsets").add(at).add(at + tensor.data().capacity());
      at += tensor.data().capacity();
    }
    byte[] text = Json.line(header).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer begin =
        ByteBuffer.allocate(ALIGNMENT + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    begin.put(text);
    while (begin.hasRemaining()) {
      begin.put((byte) ' ');
    }
    out.write(begin.array());
    for (Tensor tensor : tensors.values()) {
      byte[] bytes = new byte[tensor.data().capacity()];
      tensor.data().get(0, bytes);
      out.write(bytes);
    }
  }

  private static WeightsException refused(String expected, String found) {
    return new WeightsException(
        "Cannot read a safetensors file: expected %s, found %s".formatted(expected, found));
  }
}
