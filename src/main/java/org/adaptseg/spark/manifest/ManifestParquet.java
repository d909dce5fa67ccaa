package org.adaptseg.spark.manifest;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.data.dataset.SampleProblem;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;

/**
 * Reads what {@link ManifestSchema} describes without a Spark session, as a dry run has none. A
 * manifest may come from elsewhere, so nothing that its files state is believed before it is
 * compared with their length.
 */
final class ManifestParquet {
  /** Nothing that decompresses: a few bytes could state any length. */
  private static final CompressionCodecName CODEC = CompressionCodecName.UNCOMPRESSED;

  /** A path of its own takes more bytes than that. */
  private static final long LEAST_BYTES_PER_ROW = 2;

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");
  private static final int LONGEST_TEXT = 1 << 16;
  private static final int MOST_ENTRIES = 1 << 16;

  /** Characters of all texts of a file, for what a dictionary repeats; a row has some hundreds. */
  private static final long MOST_CHARACTERS = 1L << 27;

  private final List<ManifestRow> rows = new ArrayList<>();
  private long characters;

  private ManifestParquet() {}

  /** The name by which Spark's writer knows how these files are written. */
  static String compression() {
    return CODEC.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The rows of a file.
   *
   * @throws IOException if it is not such a file, or its values are not those of samples
   */
  static List<ManifestRow> read(Path file, Configuration configuration) throws IOException {
    try {
      requireBounds(HadoopInputFile.fromPath(file, configuration));
      return new ManifestParquet().rows(file, configuration);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Parquet's reader allocates lists of the length that a file's footer states.
      throw new IOException(
          "Cannot read a manifest: expected Parquet rows with the columns "
              + String.join(", ", ManifestSchema.TYPE.fieldNames())
              + ", found "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + " ("
              + file
              + ")",
          e);
    }
  }

  private static void requireBounds(InputFile file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(file)) {
      ManifestColumns.require(reader.getFooter().getFileMetaData().getSchema());
      long rows = 0;
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        rows = Math.addExact(rows, block.getRowCount());
        for (ColumnChunkMetaData column : block.getColumns()) {
          if (column.getCodec() != CODEC) {
            throw new IOException(
                "a column compressed by "
                    + column.getCodec()
                    + " (ingest compresses nothing: a few bytes could state any length)");
          }
          long end = Math.addExact(column.getStartingPos(), column.getTotalSize());
          if (column.getStartingPos() < 0 || column.getTotalSize() < 0 || end > file.getLength()) {
            throw new IOException("a column that ends beyond the file");
          }
        }
      }
      if (rows < 0 || rows > file.getLength() / LEAST_BYTES_PER_ROW) {
        throw new IOException(rows + " rows in " + file.getLength() + " bytes");
      }
    }
  }

  private List<ManifestRow> rows(Path file, Configuration configuration) throws IOException {
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(configuration).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        rows.add(row(group));
      }
      return rows;
    }
  }

  private ManifestRow row(Group group) throws IOException {
    Map<Integer, Long> histogram = new TreeMap<>();
    ManifestColumns.requireValue(group, "histogram");
    Group entries = group.getGroup("histogram", 0);
    for (int i = 0; i < count(entries); i++) {
      Group entry = entries.getGroup(0, i);
      String key = entry.getType().getFieldName(0);
      String value = entry.getType().getFieldName(1);
      histogram.put(ManifestColumns.smallNumber(entry, key), ManifestColumns.number(entry, value));
    }
    List<SampleProblem> problems = new ArrayList<>();
    ManifestColumns.requireValue(group, "problems");
    Group list = group.getGroup("problems", 0);
    for (int i = 0; i < count(list); i++) {
      ManifestColumns.requireValue(
          list.getGroup(0, i), list.getGroup(0, i).getType().getFieldName(0));
      Group problem = list.getGroup(0, i).getGroup(0, 0);
      problems.add(
          new SampleProblem(
              SampleProblem.Kind.valueOf(text(problem, "kind")), text(problem, "text")));
    }
    return new ManifestRow(
        belowRoot(text(group, "image")),
        belowRoot(text(group, "label")),
        ManifestColumns.number(group, "image_bytes"),
        ManifestColumns.number(group, "label_bytes"),
        text(group, "image_sha256"),
        text(group, "label_sha256"),
        ManifestColumns.smallNumber(group, "width"),
        ManifestColumns.smallNumber(group, "height"),
        ManifestColumns.smallNumber(group, "label_width"),
        ManifestColumns.smallNumber(group, "label_height"),
        histogram,
        problems);
  }

  private static int count(Group list) throws IOException {
    int count = list.getFieldRepetitionCount(0);
    if (count > MOST_ENTRIES) {
      throw new IOException("a list of " + count + " entries");
    }
    return count;
  }

  private String text(Group group, String field) throws IOException {
    ManifestColumns.requireValue(group, field);
    int length = group.getBinary(field, 0).length();
    characters += length;
    if (length > LONGEST_TEXT || characters > MOST_CHARACTERS) {
      throw new IOException("a text of " + length + " bytes in " + field);
    }
    return group.getString(field, 0);
  }

  /**
   * A manifest that comes from elsewhere must not lead a run to other files. A colon may be in a
   * name, but not as a scheme's.
   */
  private static String belowRoot(String path) {
    if (path.startsWith("/")
        || SCHEME.matcher(path).lookingAt()
        || List.of(path.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException("the path '" + path + "', which leaves the root");
    }
    return path;
  }
}
