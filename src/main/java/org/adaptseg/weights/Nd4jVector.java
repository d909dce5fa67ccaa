package org.adaptseg.weights;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * ND4J's binary form of a vector: two buffers, the first with its shape, each with the kind of its
 * memory (a text), its length (64 bits), its type (a text) and its values; all big-endian.
 */
final class Nd4jVector {
  private static final String MEMORY = "MIXED_DATA_TYPES";
  private static final Set<String> MEMORIES = Set.of(MEMORY, "LONG_SHAPE");

  private static final Map<String, ElementType> TYPES =
      Map.of(
          "FLOAT", ElementType.F32,
          "DOUBLE", ElementType.F64,
          "HALF", ElementType.F16,
          "BFLOAT16", ElementType.BF16);

  /** Rank, sizes, strides, and three more: flags of the type, a stride, the order. */
  private static final int SHAPE_OF_VECTOR = 6;

  private static final int SHAPE_OF_ROW = 8;

  /** ND4J's flag of float32. */
  private static final long FLOAT_FLAG = 1 << 13;

  private Nd4jVector() {}

  /**
   * Reads up to the first value.
   *
   * @param length values that must follow
   * @return how they are stored, but for the order of their bytes
   */
  static ElementType readHeader(DataInputStream in, long length) throws IOException {
    long words = buffer(in, "LONG", "the type of a shape");
    if (words != SHAPE_OF_VECTOR && words != SHAPE_OF_ROW) {
      throw refused("the shape of a vector", "a shape of " + words + " numbers");
    }
    long[] shape = new long[(int) words];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = in.readLong();
    }
    long rank = words == SHAPE_OF_VECTOR ? 1 : 2;
    if (shape[0] != rank || (rank == 2 && shape[1] != 1)) {
      throw refused("the shape of a vector", java.util.Arrays.toString(shape));
    }
    requireMemory(in);
    long found = in.readLong();
    String type = in.readUTF();
    if (shape[(int) rank] != length || found != length) {
      throw refused(
          String.format(Locale.ROOT, "the %d values of the configuration's layers", length),
          String.format(Locale.ROOT, "%d in a shape of %d", found, shape[(int) rank]));
    }
    if (!TYPES.containsKey(type)) {
      throw refused("values of " + TYPES.keySet().stream().sorted().toList(), type);
    }
    return TYPES.get(type);
  }

  private static long buffer(DataInputStream in, String type, String what) throws IOException {
    requireMemory(in);
    long length = in.readLong();
    String found = in.readUTF();
    if (!found.equals(type)) {
      throw refused(what + ", " + type, found);
    }
    return length;
  }

  private static void requireMemory(DataInputStream in) throws IOException {
    String memory = in.readUTF();
    if (!MEMORIES.contains(memory)) {
      throw refused("an array in " + MEMORY + " or LONG_SHAPE", "'%s'".formatted(memory));
    }
  }

  /** The next values, little-endian. Reserves no more than is there. */
  static ByteBuffer readValues(DataInputStream in, ElementType type, long length)
      throws IOException {
    int bytes = Math.toIntExact(Math.multiplyExact(length, type.size()));
    byte[] values = in.readNBytes(bytes);
    if (values.length < bytes) {
      throw new EOFException();
    }
    for (int at = 0; at < bytes; at += type.size()) {
      for (int i = 0; i < type.size() / 2; i++) {
        byte first = values[at + i];
        values[at + i] = values[at + type.size() - 1 - i];
        values[at + type.size() - 1 - i] = first;
      }
    }
    return ByteBuffer.wrap(values);
  }

  /** Writes all that comes before the values of a vector of float32. */
  static void writeHeader(DataOutputStream out, long length) throws IOException {
    out.writeUTF(MEMORY);
    out.writeLong(SHAPE_OF_VECTOR);
    out.writeUTF("LONG");
    for (long word : new long[] {1, length, 1, FLOAT_FLAG, 1, 'c'}) {
      out.writeLong(word);
    }
    out.writeUTF(MEMORY);
    out.writeLong(length);
    out.writeUTF("FLOAT");
  }

  /** Writes values of float32. */
  static void writeValues(DataOutputStream out, Tensor tensor) throws IOException {
    float[] values = tensor.toFloats();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.BIG_ENDIAN);
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }

  private static WeightsException refused(String expected, String found) {
    return new WeightsException(
        "Cannot read DL4J's coefficients.bin: expected %s, found %s".formatted(expected, found));
  }
}
