package org.adaptseg.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adaptseg.data.ManifestRow;
import org.adaptseg.data.SampleProblem;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** Reads what {@link ManifestSchema} describes without a Spark session, as a dry run has none. */
final class ManifestParquet {
  private ManifestParquet() {}

  static List<ManifestRow> read(Path file, Configuration configuration) throws IOException {
    List<ManifestRow> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(configuration).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        rows.add(row(group));
      }
      return rows;
    } catch (RuntimeException e) {
      throw new IOException(
          "Cannot read a manifest: expected rows with the columns "
              + String.join(", ", ManifestSchema.TYPE.fieldNames())
              + ", found "
              + e.getMessage()
              + " ("
              + file
              + ")",
          e);
    }
  }

  private static ManifestRow row(Group group) {
    Map<Integer, Long> histogram = new TreeMap<>();
    Group entries = group.getGroup("histogram", 0);
    for (int i = 0; i < entries.getFieldRepetitionCount(0); i++) {
      Group entry = entries.getGroup(0, i);
      histogram.put(entry.getInteger("key", 0), entry.getLong("value", 0));
    }
    List<SampleProblem> problems = new ArrayList<>();
    Group list = group.getGroup("problems", 0);
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      Group problem = list.getGroup(0, i).getGroup(0, 0);
      problems.add(
          new SampleProblem(
              SampleProblem.Kind.valueOf(problem.getString("kind", 0)),
              problem.getString("text", 0)));
    }
    return new ManifestRow(
        belowRoot(group.getString("image", 0)),
        belowRoot(group.getString("label", 0)),
        group.getLong("image_bytes", 0),
        group.getLong("label_bytes", 0),
        group.getString("image_sha256", 0),
        group.getString("label_sha256", 0),
        group.getInteger("width", 0),
        group.getInteger("height", 0),
        group.getInteger("label_width", 0),
        group.getInteger("label_height", 0),
        histogram,
        problems);
  }

  /** A manifest that comes from elsewhere must not lead a run to other files. */
  private static String belowRoot(String path) {
    if (path.startsWith("/") || path.contains(":") || List.of(path.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException("the path '" + path + "', which leaves the root");
    }
    return path;
  }
}
