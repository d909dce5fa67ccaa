package org.adaptseg.weights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Says what a file is that is no file of weights: downloads give web pages, clones give pointers,
 * other programs have formats of their own.
 */
final class ForeignFiles {
  /** Enough for tar's mark, which is at byte 257. */
  static final int HEAD = 512;

  private static final int SHOWN = 5;
  private static final Pattern TORCH_SCRIPT =
      Pattern.compile("(.*/)?(constants\\.pkl|code/.*|model\\.json)");

  private ForeignFiles() {}

  /** A format by the bytes at a position. */
  private record Magic(int at, byte[] bytes, String what) {
    Magic(int at, String text, String what) {
      this(at, text.getBytes(StandardCharsets.ISO_8859_1), what);
    }

    boolean isOf(byte[] head) {
      for (int i = 0; i < bytes.length; i++) {
        if (head.length <= at + i || head[at + i] != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private static final String UNPACK = "; unpack it first";

  private static final List<Magic> FORMATS =
      List.of(
          new Magic(
              0,
              "version https://git-lfs",
              "a pointer of Git LFS, not the file that it stands for; fetch that by 'git lfs"
                  + " pull'"),
          new Magic(0, "\u001f\u008b", "a gzip file" + UNPACK),
          new Magic(0, "BZh", "a bzip2 file" + UNPACK),
          new Magic(0, "\u00fd7zXZ\0", "an xz file" + UNPACK),
          new Magic(0, "(\u00b5/\u00fd", "a Zstandard file" + UNPACK),
          new Magic(0, "\u0004\"M\u0018", "an LZ4 file" + UNPACK),
          new Magic(0, "7z\u00bc\u00af\u0027\u001c", "a 7z archive" + UNPACK),
          new Magic(0, "Rar!", "a RAR archive" + UNPACK),
          new Magic(
              0,
              "\u0089HDF\r\n\u001a\n",
              "an HDF5 file, such as TensorFlow's and Keras's .h5; expected PyTorch's or"
                  + " safetensors"),
          new Magic(0, "\u0093NUMPY", "a NumPy array (.npy)"),
          new Magic(0, "GGUF", "a GGUF file"),
          new Magic(4, "TFL3", "a TensorFlow Lite model"),
          new Magic(0, "%PDF", "a PDF document"),
          new Magic(0, "\u0089PNG", "a PNG picture"),
          new Magic(0, "\u00ff\u00d8\u00ff", "a JPEG picture"),
          new Magic(0, "\u007fELF", "a program"),
          new Magic(0, "PAR1", "a Parquet file"),
          new Magic(0, "PK\u0005\u0006", "an empty zip archive"));

  /**
   * What a file is.
   *
   * @param head its first bytes, {@value #HEAD} where it has as many
   * @param size of it in bytes
   */
  static String describe(byte[] head, long size) {
    if (size == 0) {
      return "an empty file";
    }
    for (Magic magic : FORMATS) {
      if (magic.isOf(head)) {
        return magic.what();
      }
    }
    if (new Magic(257, "ustar", "").isOf(head)) {
      return tar(head);
    }
    if (isAll(head, b -> b == 0)) {
      return String.format(
          Locale.ROOT,
          "a file that begins with %d zero bytes; its download was not completed",
          head.length);
    }
    if (isOnnx(head)) {
      return "an ONNX model; expected PyTorch's state_dict or safetensors";
    }
    return text(head)
        .orElseGet(
            () ->
                "a file of another format, which begins with the bytes "
                    + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(8, head.length)));
  }

  private static String tar(byte[] head) {
    String first = new String(head, 0, 100, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
    boolean torch = List.of("sys_info", "pickle", "storages", "tensors").contains(first);
    return torch
        ? "the tar format of PyTorch before 0.2; load and save it with a later PyTorch"
        : "a tar archive" + UNPACK;
  }

  /** A protobuf whose first fields are a small version and the producer's name. */
  private static boolean isOnnx(byte[] head) {
    return head.length > 4
        && head[0] == 0x08
        && head[1] > 0
        && head[1] < 0x20
        && (head[2] == 0x12 || head[2] == 0x3a || head[2] == 0x42);
  }

  private static boolean isAll(byte[] bytes, Predicate<Byte> kind) {
    for (byte b : bytes) {
      if (!kind.test(b)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> text(byte[] head) {
    // A character may be cut at the end of what was read.
    String text = new String(head, StandardCharsets.UTF_8).replaceFirst("\ufffd$", "");
    String bare = text.replaceFirst("^\ufeff", "").stripLeading();
    String start = bare.toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html")
        || start.startsWith("<html")
        || start.startsWith("<head")) {
      return Optional.of(
          "a web page, such as a download that needs a click or a login gives; download the file"
              + " itself");
    }
    if (start.startsWith("<")) {
      return Optional.of("an XML or HTML text, such as a server's error message: " + begin(bare));
    }
    boolean readable =
        !bare.isEmpty()
            && bare.chars()
                .allMatch(c -> c >= ' ' && c != 0xfffd || c == '\n' || c == '\r' || c == '\t');
    if (!readable) {
      return Optional.empty();
    }
    return Optional.of(
        start.startsWith("{") && bare.contains("\"weight_map\"")
            ? "the index of weights in several files (shards); save them as one file first"
            : (start.startsWith("{") || start.startsWith("[") ? "a JSON text: " : "a text: ")
                + begin(bare));
  }

  private static String begin(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    return "'" + (line.length() > 60 ? line.substring(0, 60) + "…" : line) + "'";
  }

  /**
   * Requires that an archive is one of torch.save.
   *
   * @throws WeightsException that says what it is instead
   */
  static void requireTorch(ZipFile zip) {
    List<String> names = new ArrayList<>();
    boolean saved = false;
    boolean script = false;
    boolean arrays = false;
    boolean keras = false;
    for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
      String name = entry.getName();
      saved |= name.equals(TorchFile.PICKLE) || name.endsWith("/" + TorchFile.PICKLE);
      script |= TORCH_SCRIPT.matcher(name).matches();
      arrays |= name.endsWith(".npy");
      keras |= name.endsWith(".weights.h5");
      if (names.size() < SHOWN) {
        names.add(name);
      }
    }
    if (saved && !script) {
      return;
    }
    String what = "a zip archive of " + String.join(", ", names) + UNPACK;
    if (script) {
      what = "a TorchScript program (torch.jit.save); save its state_dict by torch.save";
    } else if (arrays) {
      what = "NumPy arrays (.npz)";
    } else if (keras) {
      what = "a Keras model";
    }
    throw new WeightsException(
        "Cannot read an archive: expected torch.save's, found %s".formatted(what));
  }
}
