package org.adaptseg.weights;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.adaptseg.weights.TorchConstructs.StorageReference;
import org.adaptseg.weights.TorchConstructs.TensorReference;

/**
 * Reads what {@code torch.save} writes: the zip format, and the format from before PyTorch 1.6. A
 * dictionary of tensors may be the whole of it or somewhere inside ({@link TensorSearch}). Entries
 * of the archive are read where they are, never unpacked.
 */
final class TorchFile {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;
  private static final int MAX_PICKLE_PROTOCOL = 5;
  private static final int MAX_PICKLE = 1 << 26;

  /** Tied weights are stored once and seen twice; a thousand views of one storage are an attack. */
  private static final int MOST_SHARING = 8;

  /** The entry of an archive that says what was saved. */
  static final String PICKLE = "data.pkl";

  private TorchFile() {}

  /** Whether the first bytes are those of either format. */
  static boolean isTorch(byte[] head) {
    return isZip(head)
        || (head.length > 1
            && head[0] == (byte) 0x80
            && head[1] >= 2
            && head[1] <= MAX_PICKLE_PROTOCOL);
  }

  /** Whether the first bytes are those of an archive, of PyTorch or of another program. */
  static boolean isZip(byte[] head) {
    return head.length > 3 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
  }

  /**
   * @param key where the dictionary of tensors is; empty to find it
   * @throws WeightsException if the file is not of these formats, or has no dictionary there
   */
  static StateDictionary read(Path file, byte[] head, String key) throws IOException {
    try {
      return isZip(head) ? readZip(file, key) : readLegacy(file, key);
    } catch (ZipException e) {
      throw new WeightsException(
          "Cannot read an archive: expected its table at the end, found none; the file is cut or damaged (%s)"
              .formatted(e.getMessage()));
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

  private static StateDictionary readZip(Path file, String key) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ForeignFiles.requireTorch(zip);
      ZipEntry pickle =
          zip.stream()
              .filter(e -> e.getName().equals(PICKLE) || e.getName().endsWith("/" + PICKLE))
              .findFirst()
              .orElseThrow();
      String root = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
      ZipEntry order = zip.getEntry(root + "byteorder");
      if (order != null && !"little".equals(text(entry(zip, order, 16)))) {
        throw new WeightsException("Cannot read an archive: expected little-endian values");
      }
      Object value;
      try (InputStream in = new ByteArrayInputStream(entry(zip, pickle, MAX_PICKLE))) {
        value = PickleReader.read(in);
      }
      return tensors(TensorSearch.find(value, key), reference -> storage(zip, root, reference));
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

  private static byte[] entry(ZipFile zip, ZipEntry entry, long limit) throws IOException {
    // PyTorch stores without compression: a size beyond the file's is a lie.
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new WeightsException(
          "Cannot read an archive: expected stored entries, as torch.save writes them, found a compressed one (%s); it was repacked by another program"
              .formatted(entry.getName()));
    }
    if (entry.getSize() > limit) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "Cannot read an archive: expected at most %d bytes in %s, found %d",
              limit,
              entry.getName(),
              entry.getSize()));
    }
    try (InputStream in = new CheckedEntry(zip, entry)) {
      return in.readAllBytes();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static StateDictionary readLegacy(Path file, String key) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      requireMagic(in);
      Map<?, ?> system = (Map<?, ?>) PickleReader.read(in);
      if (!Boolean.TRUE.equals(system.get("little_endian"))) {
        throw new WeightsException("Cannot read a pickle: expected little-endian values");
      }
      PickleReader.Contents saved = PickleReader.readAll(in);
      List<?> keys = (List<?>) PickleReader.read(in);
      TensorSearch.Found found = TensorSearch.find(saved.value(), key);
      Set<String> wanted = new HashSet<>();
      references(found).values().forEach(r -> wanted.add(r.storage().key()));
      Map<String, ByteBuffer> storages = new HashMap<>();
      for (Object storage : keys) {
        long bytes = legacyBytes(in, saved.storages().get(storage), (String) storage, file);
        if (wanted.contains(storage)) {
          byte[] all = new byte[(int) bytes];
          in.readFully(all);
          storages.put((String) storage, ByteBuffer.wrap(all));
        } else {
          in.skipNBytes(bytes);
        }
      }
      return tensors(
          found,
          reference ->
              Optional.ofNullable(storages.get(reference.key()))
                  .orElseThrow(
                      () ->
                          new WeightsException(
                              "Cannot read a tensor: expected storage %s, found none"
                                  .formatted(reference.key()))));
    }
  }

  private static void requireMagic(InputStream in) throws IOException {
    Object magic = PickleReader.read(in);
    if (!MAGIC.equals(magic) || !Long.valueOf(PROTOCOL).equals(PickleReader.read(in))) {
      throw new WeightsException(
          "Cannot read a pickle: expected one that torch.save wrote, found another, such as"
              + " pickle.dump writes");
    }
  }

  private static long legacyBytes(DataInputStream in, Integer size, String key, Path file)
      throws IOException {
    if (size == null || size == 0) {
      throw new WeightsException(
          "Cannot read tensors: expected storages of known types only, found another (%s)"
              .formatted(key));
    }
    long length = Long.reverseBytes(in.readLong());
    long bytes = Math.multiplyExact(length, (long) size);
    if (length < 0 || bytes > Math.min(Files.size(file), Integer.MAX_VALUE - 8)) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "Cannot read a tensor: expected a storage within the file, found %d values (%s)",
              length,
              key));
    }
    return bytes;
  }

  private static Map<String, TensorReference> references(TensorSearch.Found found) {
    Map<String, TensorReference> references = new LinkedHashMap<>();
    found
        .map()
        .forEach(
            (key, entry) -> {
              if (entry instanceof TensorReference reference) {
                references.put(String.valueOf(key), reference);
              }
            });
    return references;
  }

  private static StateDictionary tensors(TensorSearch.Found found, Storages storages)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, ByteBuffer> read = new HashMap<>();
    long stored = 0;
    long viewed = 0;
    for (Map.Entry<String, TensorReference> entry : references(found).entrySet()) {
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
            String.format(
                Locale.ROOT,
                "Cannot read tensors: expected ones that share a storage at most %d times over, found more (%s)",
                MOST_SHARING,
                entry.getKey()));
      }
      tensors.put(entry.getKey(), contiguous(entry.getKey(), entry.getValue(), bytes));
    }
    return new StateDictionary(tensors, others(found), Map.of(), found.path(), found.others());
  }

  /** What is no tensor beside the tensors. */
  private static Map<String, String> others(TensorSearch.Found found) {
    Map<String, String> others = new LinkedHashMap<>();
    found
        .map()
        .forEach(
            (key, entry) -> {
              if (!(entry instanceof TensorReference)
                  && (key instanceof String || key instanceof Long)) {
                others.put(String.valueOf(key), PassedOver.what(entry));
              }
            });
    return others;
  }

  private static long viewBytes(TensorReference view) {
    return Math.multiplyExact(Tensor.elements(view.shape()), view.storage().type().size());
  }

  /** Copies a view piece by piece, however it strides through its storage. */
  private static Tensor contiguous(String key, TensorReference view, ByteBuffer storage) {
    long[] shape = view.shape();
    long[] strides = view.strides();
    int size = view.storage().type().size();
    long first = Math.addExact(view.storage().offset(), view.offset());
    requireInside(key, view, first, storage.capacity() / size);
    int n = Math.toIntExact(Tensor.elements(shape));
    ByteBuffer values =
        ByteBuffer.allocate(Math.multiplyExact(n, size)).order(ByteOrder.LITTLE_ENDIAN);
    // The innermost dimensions that lie in row-major order are one piece; often that is all.
    int outer = shape.length;
    int piece = 1;
    while (n > 0 && outer > 0 && (shape[outer - 1] == 1 || strides[outer - 1] == piece)) {
      outer--;
      piece *= Math.toIntExact(shape[outer]);
    }
    long[] index = new long[outer];
    long at = first;
    for (int i = 0; i < n; i += piece) {
      values.put(i * size, storage, Math.toIntExact(at * size), piece * size);
      for (int d = outer - 1; d >= 0; d--) {
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
    boolean valid = first >= 0 && shape.length <= TorchConstructs.MAX_DIMENSIONS;
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
          String.format(
              Locale.ROOT,
              "Cannot read tensor %s: expected a view inside its storage of %d values, found sizes %s from %d",
              key,
              length,
              java.util.Arrays.toString(shape),
              first));
    }
  }
}
