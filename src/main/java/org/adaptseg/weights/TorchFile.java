package org.adaptseg.weights;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.adaptseg.weights.TorchConstructs.StorageReference;
import org.adaptseg.weights.TorchConstructs.TensorReference;

/**
 * Reads what {@code torch.save} writes: the zip format, and the format from before PyTorch 1.6. A
 * dictionary of tensors may be the whole of it, or stand under one of the usual keys, such as
 * {@code state_dict}. Entries of the archive are read where they are, never unpacked.
 */
final class TorchFile {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;
  private static final List<String> NESTS =
      List.of("state_dict", "model_state_dict", "model", "net", "network", "generator");
  private static final int MAX_PICKLE = 1 << 26;
  private static final int MAX_DIMENSIONS = 16;

  /** Tied weights are stored once and seen twice; a thousand views of one storage are an attack. */
  private static final int MOST_SHARING = 8;

  private TorchFile() {}

  /** Whether the first bytes are those of either format. */
  static boolean isTorch(byte[] head) {
    return isZip(head) || (head.length > 1 && head[0] == (byte) 0x80 && head[1] == 2);
  }

  private static boolean isZip(byte[] head) {
    return head.length > 3 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
  }

  /**
   * @throws WeightsException if the file is not of these formats, or names what no tensor needs
   */
  static StateDictionary read(Path file, byte[] head) throws IOException {
    try {
      return isZip(head) ? readZip(file) : readLegacy(file);
    } catch (ZipException e) {
      throw new WeightsException("Cannot read an archive: " + e.getMessage());
    } catch (EOFException e) {
      throw new WeightsException("Cannot read tensors: expected more bytes, found the file's end");
    } catch (ClassCastException
        | NullPointerException // None where a value is needed
        | ArithmeticException
        | IndexOutOfBoundsException e) {
      throw new WeightsException("Cannot read tensors: found values that do not fit each other");
    }
  }

  private interface Storages {
    ByteBuffer read(StorageReference reference) throws IOException;
  }

  private static StateDictionary readZip(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry pickle =
          zip.stream()
              .filter(e -> e.getName().endsWith("/data.pkl"))
              .findFirst()
              .orElseThrow(
                  () ->
                      new WeightsException(
                          "Cannot read an archive: expected PyTorch's data.pkl, found none"));
      String root = pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
      ZipEntry order = zip.getEntry(root + "byteorder");
      if (order != null && !"little".equals(text(entry(zip, order, 16)))) {
        throw new WeightsException("Cannot read an archive: expected little-endian values");
      }
      Object value;
      try (InputStream in = stream(zip, pickle, MAX_PICKLE)) {
        value = PickleReader.read(in);
      }
      return tensors(value, reference -> storage(zip, root, reference));
    }
  }

  private static ByteBuffer storage(ZipFile zip, String root, StorageReference reference)
      throws IOException {
    ZipEntry entry = zip.getEntry(root + "data/" + reference.key());
    if (entry == null) {
      throw new WeightsException(
          "Cannot read a tensor: expected storage %s in the archive, found none"
              .formatted(reference.key()));
    }
    return ByteBuffer.wrap(entry(zip, entry, Integer.MAX_VALUE - 8));
  }

  private static InputStream stream(ZipFile zip, ZipEntry entry, long limit) throws IOException {
    // PyTorch stores without compression: a size beyond the file's is a lie.
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new WeightsException(
          "Cannot read an archive: expected stored entries, found a compressed one (%s)"
              .formatted(entry.getName()));
    }
    if (entry.getSize() > limit) {
      throw new WeightsException(
          "Cannot read an archive: expected at most %d bytes in %s, found %d"
              .formatted(limit, entry.getName(), entry.getSize()));
    }
    return new BufferedInputStream(zip.getInputStream(entry));
  }

  private static byte[] entry(ZipFile zip, ZipEntry entry, long limit) throws IOException {
    try (InputStream in = stream(zip, entry, limit)) {
      return in.readAllBytes();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static StateDictionary readLegacy(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      Object magic = PickleReader.read(in);
      if (!MAGIC.equals(magic) || !Long.valueOf(PROTOCOL).equals(PickleReader.read(in))) {
        throw new WeightsException(
            "Cannot read a pickle: expected one that torch.save wrote, found another");
      }
      Map<?, ?> system = (Map<?, ?>) PickleReader.read(in);
      if (!Boolean.TRUE.equals(system.get("little_endian"))) {
        throw new WeightsException("Cannot read a pickle: expected little-endian values");
      }
      Object value = PickleReader.read(in);
      List<?> keys = (List<?>) PickleReader.read(in);
      Map<String, StorageReference> lengths = new HashMap<>();
      Map<String, TensorReference> references = references(value);
      references.values().forEach(r -> lengths.put(r.storage().key(), r.storage()));
      Map<String, ByteBuffer> storages = new HashMap<>();
      for (Object key : keys) {
        StorageReference reference = lengths.get(key);
        if (reference == null) {
          throw new WeightsException(
              "Cannot read tensors: expected storages of tensors only, found another");
        }
        long length = Long.reverseBytes(in.readLong());
        storages.put((String) key, legacyStorage(in, length, reference, file));
      }
      return tensors(
          value,
          reference -> {
            ByteBuffer found = storages.get(reference.key());
            if (found == null) {
              throw new WeightsException(
                  "Cannot read a tensor: expected storage %s, found none"
                      .formatted(reference.key()));
            }
            return found;
          });
    }
  }

  private static ByteBuffer legacyStorage(
      DataInputStream in, long length, StorageReference reference, Path file) throws IOException {
    long bytes = Math.multiplyExact(length, (long) reference.type().size());
    if (length < 0 || bytes > Math.min(Files.size(file), Integer.MAX_VALUE - 8)) {
      throw new WeightsException(
          "Cannot read a tensor: expected a storage within the file, found %d values (%s)"
              .formatted(length, reference.key()));
    }
    byte[] all = new byte[(int) bytes];
    in.readFully(all);
    return ByteBuffer.wrap(all);
  }

  /** The dictionary of tensors in what was saved: itself, or what one of the usual keys holds. */
  private static Map<?, ?> dictionary(Object value) {
    if (value instanceof Map<?, ?> map) {
      if (map.values().stream().anyMatch(TensorReference.class::isInstance)) {
        return map;
      }
      for (String nest : NESTS) {
        if (map.get(nest) instanceof Map<?, ?> inner
            && inner.values().stream().anyMatch(TensorReference.class::isInstance)) {
          return inner;
        }
      }
    }
    throw new WeightsException(
        "Cannot find tensors: expected a dictionary of them, or one under one of %s"
            .formatted(NESTS));
  }

  private static Map<String, TensorReference> references(Object value) {
    Map<String, TensorReference> references = new LinkedHashMap<>();
    dictionary(value)
        .forEach(
            (key, entry) -> {
              if (entry instanceof TensorReference reference) {
                references.put(String.valueOf(key), reference);
              }
            });
    return references;
  }

  private static StateDictionary tensors(Object value, Storages storages) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, ByteBuffer> read = new HashMap<>();
    long stored = 0;
    long viewed = 0;
    for (Map.Entry<String, TensorReference> entry : references(value).entrySet()) {
      StorageReference storage = entry.getValue().storage();
      ByteBuffer bytes = read.get(storage.key());
      if (bytes == null) {
        bytes = storages.read(storage).order(ByteOrder.LITTLE_ENDIAN);
        read.put(storage.key(), bytes);
        stored += bytes.capacity();
      }
      viewed = Math.addExact(viewed, viewBytes(entry.getValue()));
      if (viewed > MOST_SHARING * stored) {
        throw new WeightsException(
            "Cannot read tensors: expected ones that share a storage at most %d times over, found more (%s)"
                .formatted(MOST_SHARING, entry.getKey()));
      }
      tensors.put(entry.getKey(), contiguous(entry.getKey(), entry.getValue(), bytes));
    }
    List<String> others = new ArrayList<>();
    dictionary(value)
        .forEach(
            (key, entry) -> {
              if (!(entry instanceof TensorReference)) {
                others.add(String.valueOf(key));
              }
            });
    return new StateDictionary(tensors, others);
  }

  private static long viewBytes(TensorReference view) {
    return Math.multiplyExact(Tensor.elements(view.shape()), view.storage().type().size());
  }

  /** Copies a view row by row, however it strides through its storage. */
  private static Tensor contiguous(String key, TensorReference view, ByteBuffer storage) {
    long[] shape = view.shape();
    long[] strides = view.strides();
    int size = view.storage().type().size();
    long first = Math.addExact(view.storage().offset(), view.offset());
    requireInside(key, view, first, storage.capacity() / size);
    int n = Math.toIntExact(Tensor.elements(shape));
    ByteBuffer values =
        ByteBuffer.allocate(Math.multiplyExact(n, size)).order(ByteOrder.LITTLE_ENDIAN);
    long[] index = new long[shape.length];
    long at = first;
    for (int i = 0; i < n; i++) {
      values.put(i * size, storage, Math.toIntExact(at * size), size);
      for (int d = shape.length - 1; d >= 0; d--) {
        at += strides[d];
        if (++index[d] < shape[d]) {
          break;
        }
        at -= strides[d] * shape[d];
        index[d] = 0;
      }
    }
    return new Tensor(view.storage().type(), shape, values);
  }

  private static void requireInside(String key, TensorReference view, long first, long length) {
    long[] shape = view.shape();
    long last = first;
    boolean valid = first >= 0 && shape.length <= MAX_DIMENSIONS;
    valid &= shape.length == view.strides().length;
    for (int d = 0; valid && d < shape.length; d++) {
      valid = shape[d] >= 0 && view.strides()[d] >= 0;
      last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[d] - 1), view.strides()[d]));
    }
    boolean empty = valid && Tensor.elements(shape) == 0;
    // A stride of 0 repeats values: bounded by the storage, like any honest tensor.
    valid = valid && (empty || (last < length && Tensor.elements(shape) <= length));
    if (!valid) {
      throw new WeightsException(
          "Cannot read tensor %s: expected a view inside its storage of %d values, found sizes %s from %d"
              .formatted(key, length, java.util.Arrays.toString(shape), first));
    }
  }
}
