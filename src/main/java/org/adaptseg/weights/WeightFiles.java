package org.adaptseg.weights;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.StoreFault;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of tensors on any Hadoop file system, told apart by their first bytes. */
public final class WeightFiles {
  /** Larger files are refused; a ResNet-101 with its optimiser has about 400 MB. */
  public static final long MAX_BYTES = 4L << 30;

  private WeightFiles() {}

  /** Reads all tensors of a file that holds one dictionary of them. */
  public static StateDictionary read(Path file, Configuration configuration) throws IOException {
    return read(file, "", configuration);
  }

  /**
   * Reads all tensors of a dictionary.
   *
   * @param key where the dictionary is in the file, parts joined by dots; empty to find it
   * @throws WeightsException if the file is none of the formats known, or damaged, or has no such
   *     dictionary
   * @throws IOException if it cannot be read
   */
  public static StateDictionary read(Path file, String key, Configuration configuration)
      throws IOException {
    return of(
        file,
        configuration,
        (files, size, head) -> {
          if (TorchFile.isTorch(head)) {
            return copied(
                file,
                files,
                copy ->
                    isDl4j(head, copy)
                        ? below(key, Dl4jFile.read(copy))
                        : TorchFile.read(copy, head, key));
          }
          try (InputStream in = new BufferedInputStream(files.open(file), 1 << 16)) {
            return below(key, SafetensorsFile.read(in, size));
          }
        });
  }

  /**
   * What a file says of itself, without reading its tensors; nothing in PyTorch's.
   *
   * @throws WeightsException if the file is none of the formats known, or damaged
   * @throws IOException if it cannot be read
   */
  public static Map<String, String> metadata(Path file, Configuration configuration)
      throws IOException {
    return of(
        file,
        configuration,
        (files, size, head) -> {
          if (TorchFile.isTorch(head)) {
            return TorchFile.isZip(head)
                ? copied(
                    file, files, copy -> isDl4j(head, copy) ? Dl4jFile.metadata(copy) : Map.of())
                : Map.of();
          }
          try (InputStream in = new BufferedInputStream(files.open(file), 1 << 16)) {
            return SafetensorsFile.metadata(in, size);
          }
        });
  }

  /** Reads something of a file whose first bytes are PyTorch's, a zip archive's or safetensors'. */
  private interface Reader<T> {
    T read(FileSystem files, long size, byte[] head) throws IOException;
  }

  private static <T> T of(Path file, Configuration configuration, Reader<T> reader)
      throws IOException {
    try {
      if (String.valueOf(file.toUri().getScheme()).matches("https?|ftp")) {
        throw new WeightsException(
            "expected a file, found a web address; download it and give the file's path");
      }
      FileSystem fileSystem = file.getFileSystem(configuration);
      FileStatus status = fileSystem.getFileStatus(file);
      if (status.isDirectory()) {
        throw new WeightsException("expected a file, found a directory; name a file in it");
      }
      long size = status.getLen();
      if (size > MAX_BYTES) {
        throw new WeightsException(
            String.format(Locale.ROOT, "expected at most %d bytes, found %d", MAX_BYTES, size));
      }
      byte[] head;
      try (InputStream in = fileSystem.open(file)) {
        head = in.readNBytes(ForeignFiles.HEAD);
      }
      if (!TorchFile.isTorch(head) && !SafetensorsFile.isSafetensors(head)) {
        throw new WeightsException(
            "expected PyTorch's format, safetensors or DL4J's zip file, found "
                + ForeignFiles.describe(head, size));
      }
      return reader.read(fileSystem, size, head);
    } catch (WeightsException e) {
      throw new WeightsException("Cannot read weights: %s (%s)".formatted(e.getMessage(), file));
    } catch (FileNotFoundException e) {
      throw new WeightsException(
          "Cannot read weights: expected a file, found none (%s)".formatted(file));
    } catch (IOException e) {
      throw new IOException(
          "Cannot read weights: expected a file that can be read, found %s (%s)"
              .formatted(StoreFault.describe(e), file),
          e);
    }
  }

  private static boolean isDl4j(byte[] head, java.nio.file.Path archive) throws IOException {
    return TorchFile.isZip(head) && Dl4jFile.isDl4j(archive);
  }

  /** Safetensors and DL4J have no dictionaries in others; a key is the beginning of names there. */
  private static StateDictionary below(String key, StateDictionary all) {
    if (key.isBlank()) {
      return all;
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    all.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(key + ".")) {
                tensors.put(name.substring(key.length() + 1), tensor);
              }
            });
    if (tensors.isEmpty()) {
      throw new WeightsException(
          "expected tensors whose names begin with '%s.', found %s"
              .formatted(key, all.tensors().keySet().stream().limit(3).toList()));
    }
    return new StateDictionary(tensors, Map.of(), all.metadata(), key, "");
  }

  /** Reads something of a copy on this machine. */
  private interface CopyReader<T> {
    T read(java.nio.file.Path copy) throws IOException;
  }

  /** An archive is read from its end, so a copy on this machine stands in for the store's. */
  private static <T> T copied(Path file, FileSystem fileSystem, CopyReader<T> reader)
      throws IOException {
    java.nio.file.Path copy = Files.createTempFile("weights-", ".pth");
    try {
      try (InputStream in = fileSystem.open(file)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      return reader.read(copy);
    } finally {
      Files.delete(copy);
    }
  }

  /** SHA-256 of a file, by which a copy of it is recognised. */
  public static String sha256(Path file, Configuration configuration) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      byte[] block = new byte[1 << 16];
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        digest.update(block, 0, n);
      }
    }
    return Sha256.of(digest);
  }

  /** Writes a safetensors file as a whole, replacing another of its name. */
  public static void write(
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      Path file,
      Configuration configuration)
      throws IOException {
    WholeFile.write(file, out -> SafetensorsFile.write(tensors, metadata, out), configuration);
  }

  /**
   * Writes a zip file that plain DL4J restores, as a whole, replacing another of its name.
   *
   * @param configuration DL4J's configuration of a graph whose layers have these tensors
   */
  public static void writeDl4j(
      String configuration,
      Map<String, Tensor> tensors,
      Map<String, String> metadata,
      Path file,
      Configuration hadoop)
      throws IOException {
    WholeFile.write(file, out -> Dl4jFile.write(configuration, tensors, metadata, out), hadoop);
  }
}
