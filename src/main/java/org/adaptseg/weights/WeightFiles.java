package org.adaptseg.weights;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.adaptseg.data.store.WholeFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of tensors on any Hadoop file system, told apart by their first bytes. */
public final class WeightFiles {
  /** Larger files are refused; a ResNet-101 with its optimiser has about 400 MB. */
  public static final long MAX_BYTES = 4L << 30;

  private static final int HEAD = 16;

  private WeightFiles() {}

  /**
   * Reads all tensors.
   *
   * @throws WeightsException if the file is none of the formats known, or damaged
   * @throws IOException if it cannot be read
   */
  public static StateDictionary read(Path file, Configuration configuration) throws IOException {
    FileSystem fileSystem = file.getFileSystem(configuration);
    try {
      long size = fileSystem.getFileStatus(file).getLen();
      if (size > MAX_BYTES) {
        throw new WeightsException(
            "expected at most %d bytes, found %d".formatted(MAX_BYTES, size));
      }
      byte[] head;
      try (InputStream in = fileSystem.open(file)) {
        head = in.readNBytes(HEAD);
      }
      if (TorchFile.isTorch(head)) {
        return readTorch(file, fileSystem, head);
      }
      try (InputStream in = new BufferedInputStream(fileSystem.open(file), 1 << 16)) {
        return SafetensorsFile.read(in, size);
      }
    } catch (WeightsException e) {
      throw new WeightsException("Cannot read weights: %s (%s)".formatted(e.getMessage(), file));
    } catch (FileNotFoundException e) {
      throw new WeightsException(
          "Cannot read weights: expected a file, found none (%s)".formatted(file));
    }
  }

  /** An archive is read from its end, so a copy on this machine stands in for the store's. */
  private static StateDictionary readTorch(Path file, FileSystem fileSystem, byte[] head)
      throws IOException {
    java.nio.file.Path copy = Files.createTempFile("weights-", ".pth");
    try {
      try (InputStream in = fileSystem.open(file)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      return TorchFile.read(copy, head);
    } finally {
      Files.delete(copy);
    }
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
}
