package org.adaptseg.spark.manifest;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.adaptseg.data.dataset.Manifest;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.data.store.BoundedBytes;
import org.adaptseg.data.store.Sha256;
import org.adaptseg.data.store.WholeFile;
import org.adaptseg.spark.task.SparkJob;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Manifests as directories of any Hadoop file system: {@code samples/*.parquet}, a row per sample,
 * and {@code manifest.json}, which is written last and has the SHA-256 of every Parquet file. A
 * directory without it, or whose files are not those that it names, is not a manifest; so it does
 * not matter how a store commits files.
 */
public final class ManifestStore {
  private static final String SAMPLES = "samples";
  private static final int ROWS_PER_FILE = 100_000;

  private ManifestStore() {}

  /**
   * Checks that a manifest may be written here, before anything is computed.
   *
   * @param overwrite whether a manifest that is there, whole or not, is replaced
   * @throws IOException if there is something else, or a manifest that must stay
   */
  public static void requireFree(Path directory, boolean overwrite, Configuration configuration)
      throws IOException {
    FileSystem files = directory.getFileSystem(configuration);
    FileStatus[] found;
    try {
      found = files.listStatus(directory);
    } catch (FileNotFoundException e) {
      return;
    }
    List<String> names =
        Arrays.stream(found)
            .map(s -> s.getPath().getName())
            .filter(name -> !WholeFile.isTemporary(name))
            .toList();
    boolean ours = List.of(ManifestHeader.NAME, SAMPLES).containsAll(names);
    if (!names.isEmpty() && !(ours && overwrite)) {
      throw new IOException(
          "Cannot write a manifest: expected a directory that is new or empty%s, found %s (%s)"
              .formatted(ours ? ", or --overwrite" : "", String.join(", ", names), directory));
    }
  }

  /** Whether there is a manifest that was written to its end. */
  public static boolean isThere(Path directory, Configuration configuration) throws IOException {
    return directory.getFileSystem(configuration).exists(new Path(directory, ManifestHeader.NAME));
  }

  /** One Spark job. */
  private static void writeRows(SparkSession session, Manifest manifest, Path samples) {
    List<Row> rows = manifest.rows().stream().map(ManifestSchema::toRow).toList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    String description =
        String.format(
            Locale.ROOT,
            "manifest of split %s of %s: %d samples",
            manifest.split(),
            manifest.dataset(),
            rows.size());
    SparkJob.run(
        context,
        description,
        "samples",
        count -> {},
        job -> {
          session
              .createDataFrame(rows, ManifestSchema.TYPE)
              .coalesce(1 + rows.size() / ROWS_PER_FILE)
              .write()
              .mode(SaveMode.Overwrite)
              .option("compression", ManifestParquet.compression())
              .parquet(samples.toString());
          return samples;
        });
  }

  /** Writes a manifest; what the directory held is gone from the first moment on. */
  public static void write(
      SparkSession session, Manifest manifest, Path directory, Configuration configuration)
      throws IOException {
    FileSystem files = directory.getFileSystem(configuration);
    Path header = new Path(directory, ManifestHeader.NAME);
    Path samples = new Path(directory, SAMPLES);
    files.delete(header, false);
    files.delete(samples, true);
    try {
      writeRows(session, manifest, files.makeQualified(samples));
      List<ManifestHeader.Part> parts = new ArrayList<>();
      for (FileStatus status : files.listStatus(samples)) {
        if (status.getPath().getName().endsWith(".parquet")) {
          parts.add(part(files, status));
        }
      }
      ManifestHeader content =
          new ManifestHeader(
              ManifestHeader.FORMAT,
              manifest.dataset(),
              manifest.split(),
              manifest.root(),
              manifest.labelled(),
              manifest.rows().size(),
              manifest.bad(),
              parts);
      WholeFile.write(header, content.toJson(), configuration);
    } catch (IOException | RuntimeException e) {
      try {
        files.delete(header, false);
        files.delete(samples, true);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static ManifestHeader.Part part(FileSystem files, FileStatus status) throws IOException {
    try (InputStream in = files.open(status.getPath());
        DigestInputStream digest = new DigestInputStream(in, Sha256.digest())) {
      long bytes = digest.transferTo(java.io.OutputStream.nullOutputStream());
      return new ManifestHeader.Part(
          status.getPath().getName(), bytes, Sha256.of(digest.getMessageDigest()));
    }
  }

  /**
   * Reads a manifest where this is called, without Spark.
   *
   * @throws IOException if there is none, or it is not whole
   */
  public static Manifest read(Path directory, Configuration configuration) throws IOException {
    FileSystem files = directory.getFileSystem(configuration);
    ManifestHeader header = header(files, directory);
    List<ManifestRow> rows = new ArrayList<>();
    for (ManifestHeader.Part expected : header.files()) {
      Path file = new Path(new Path(directory, SAMPLES), expected.name());
      ManifestHeader.Part found;
      try {
        found = part(files, files.getFileStatus(file));
      } catch (FileNotFoundException e) {
        throw broken(directory, "the file " + expected.name(), "none");
      } catch (ChecksumException e) {
        throw broken(directory, expected.name() + " as it was written", String.valueOf(e));
      }
      if (!found.equals(expected)) {
        throw broken(
            directory,
            String.format(
                Locale.ROOT,
                "%s of %d bytes with SHA-256 %s",
                expected.name(),
                expected.bytes(),
                expected.sha256()),
            String.format(
                Locale.ROOT,
                "%d bytes with SHA-256 %s; a file that another tool wrote again is no manifest's: ingest writes both",
                found.bytes(),
                found.sha256()));
      }
      rows.addAll(ManifestParquet.read(file, configuration));
    }
    if (rows.size() != header.samples()) {
      throw broken(directory, header.samples() + " samples", String.valueOf(rows.size()));
    }
    return new Manifest(header.dataset(), header.split(), header.root(), header.labelled(), rows);
  }

  private static ManifestHeader header(FileSystem files, Path directory) throws IOException {
    try (InputStream in = files.open(new Path(directory, ManifestHeader.NAME))) {
      byte[] json = BoundedBytes.read(in, ManifestHeader.LARGEST, directory.toString());
      return ManifestHeader.parse(json, directory.toString());
    } catch (BoundedBytes.ExceededException e) {
      String most =
          String.format(
              Locale.ROOT, "%s of at most %d bytes", ManifestHeader.NAME, ManifestHeader.LARGEST);
      throw broken(directory, most, "more");
    } catch (FileNotFoundException e) {
      throw broken(
          directory, "the file " + ManifestHeader.NAME, "none; ingest makes it, last of all");
    }
  }

  private static IOException broken(Path directory, String expected, String found) {
    return ManifestHeader.broken(directory.toString(), expected, found);
  }
}
