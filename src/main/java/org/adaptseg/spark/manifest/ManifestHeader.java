package org.adaptseg.spark.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.adaptseg.data.store.Json;

/**
 * What {@code manifest.json} holds.
 *
 * @param format version of the layout
 * @param dataset the dataset's name
 * @param split the split's name
 * @param root the dataset's directory with its scheme
 * @param labelled whether labels were looked for
 * @param samples number of rows in all files
 * @param bad number of samples with problems
 * @param files the Parquet files
 */
record ManifestHeader(
    int format,
    String dataset,
    String split,
    String root,
    boolean labelled,
    int samples,
    int bad,
    List<Part> files) {
  static final String NAME = "manifest.json";
  static final int FORMAT = 1;

  /** Bytes that a header may have. */
  static final int LARGEST = 1 << 20;

  /**
   * One Parquet file.
   *
   * @param name plain name
   * @param bytes its length
   * @param sha256 in hexadecimal
   */
  record Part(String name, long bytes, String sha256) {}

  /** The file's bytes. */
  byte[] toJson() {
    return Json.indented(this);
  }

  /**
   * Reads a header.
   *
   * @param where the manifest, for messages
   * @throws IOException if it is none, or one of another format
   */
  static ManifestHeader parse(byte[] json, String where) throws IOException {
    ManifestHeader header;
    try {
      header = Json.strict(Json.strictTree(json), ManifestHeader.class);
    } catch (JsonProcessingException e) {
      throw broken(where, "a readable " + NAME, e.getOriginalMessage());
    }
    if (header == null || header.format() != FORMAT) {
      throw broken(
          where, "format " + FORMAT, header == null ? "nothing" : String.valueOf(header.format()));
    }
    if (header.dataset() == null || header.split() == null || header.root() == null) {
      throw broken(where, "dataset, split and root", "null for one of them");
    }
    List<Part> parts = Objects.requireNonNullElse(header.files(), List.of());
    for (Part part : parts) {
      if (part == null
          || part.name() == null
          || part.sha256() == null
          || !part.name().matches("[A-Za-z0-9._-]+\\.parquet")) {
        throw broken(where, "plain names of Parquet files", String.valueOf(part));
      }
    }
    if (parts.isEmpty()) {
      throw broken(where, "names of Parquet files", "none");
    }
    return header;
  }

  static IOException broken(String where, String expected, String found) {
    return new IOException(
        "Cannot read a manifest: expected %s, found %s (%s)".formatted(expected, found, where));
  }
}
