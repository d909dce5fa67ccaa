package org.adaptseg.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.adaptseg.weights.ElementType;
import org.adaptseg.weights.Tensor;

/**
 * Writes a state dictionary as {@code torch.save(network.state_dict(), file)} does since PyTorch
 * 1.6: an archive without compression of a pickle (protocol 2) and a storage for each tensor.
 */
public final class TorchArchive {
  private static final int BATCH = 1000;

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final Map<String, Integer> memo = new HashMap<>();
  private int puts;

  private TorchArchive() {}

  /** Writes the tensors in the order of the map. */
  public static void write(Map<String, Tensor> tensors, Path file) throws IOException {
    String root = file.getFileName().toString().replace(".pth", "");
    byte[] program = new TorchArchive().pickle(tensors);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      stored(out, root + "/data.pkl", program);
      stored(out, root + "/byteorder", ascii("little"));
      int number = 0;
      for (Tensor tensor : tensors.values()) {
        byte[] bytes = new byte[tensor.data().capacity()];
        tensor.data().get(0, bytes);
        stored(out, root + "/data/" + number++, bytes);
      }
      stored(out, root + "/version", ascii("3\n"));
    }
  }

  /**
   * Writes an archive of a given pickle.
   *
   * @param pickle its bytes, a character each
   * @param storages number of storages of one float32
   */
  public static void write(String pickle, int storages, Path file) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      stored(out, "archive/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
      for (int i = 0; i < storages; i++) {
        stored(out, "archive/data/" + i, new byte[Float.BYTES]);
      }
    }
  }

  private byte[] pickle(Map<String, Tensor> tensors) {
    op(0x80, 2);
    global("collections", "OrderedDict");
    op(')', 'R');
    put();
    int number = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (number % BATCH == 0) {
        op('(');
      }
      text(entry.getKey());
      tensor(entry.getValue(), number++);
      if (number % BATCH == 0 || number == tensors.size()) {
        op('u');
      }
    }
    // The versions of the modules, an attribute of the dictionary.
    op('}');
    put();
    text("_metadata");
    global("collections", "OrderedDict");
    op(')', 'R');
    put();
    text("");
    op('}');
    put();
    text("version");
    op('K', 1, 's', 's', 's', 'b', '.');
    return pickle.toByteArray();
  }

  private void tensor(Tensor tensor, int number) {
    boolean counter = tensor.type() == ElementType.I64;
    global("torch._utils", "_rebuild_tensor_v2");
    op('(', '(');
    text("storage");
    global("torch", counter ? "LongStorage" : "FloatStorage");
    text(Integer.toString(number));
    text("cpu");
    integer(tensor.length());
    op('t');
    put();
    op('Q', 'K', 0);
    long[] shape = tensor.shape();
    tuple(shape);
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    tuple(strides);
    op(0x89);
    global("collections", "OrderedDict");
    op(')', 'R');
    put();
    op('t');
    put();
    op('R');
    put();
  }

  private void tuple(long[] values) {
    if (values.length == 0) {
      op(')');
      return;
    }
    if (values.length > 3) {
      op('(');
    }
    for (long value : values) {
      integer((int) value);
    }
    op(List.of(0x85, 0x86, 0x87, (int) 't').get(Math.min(values.length, 4) - 1));
    put();
  }

  private void integer(int value) {
    if (value < 1 << 8) {
      op('K', value);
    } else if (value < 1 << 16) {
      op('M', value & 0xFF, value >> 8);
    } else {
      op('J');
      little(value);
    }
  }

  /** A name; from its second use on the memo's entry, as Python's pickler writes it. */
  private void global(String module, String name) {
    named(module + " " + name, () -> raw(ascii("c" + module + "\n" + name + "\n")));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    named(
        "'" + text,
        () -> {
          op('X');
          little(bytes.length);
          raw(bytes);
        });
  }

  private void named(String key, Runnable write) {
    Integer known = memo.get(key);
    if (known != null) {
      get(known);
      return;
    }
    write.run();
    memo.put(key, puts);
    put();
  }

  private void get(int index) {
    if (index < 1 << 8) {
      op('h', index);
    } else {
      op('j');
      little(index);
    }
  }

  private void put() {
    int index = puts++;
    if (index < 1 << 8) {
      op('q', index);
    } else {
      op('r');
      little(index);
    }
  }

  private void op(int... bytes) {
    for (int b : bytes) {
      pickle.write(b);
    }
  }

  private void little(int value) {
    raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void raw(byte[] bytes) {
    pickle.writeBytes(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void stored(ZipOutputStream out, String name, byte[] data) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(data);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(data);
    out.closeEntry();
  }
}
