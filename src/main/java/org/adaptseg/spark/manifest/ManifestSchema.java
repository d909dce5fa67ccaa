package org.adaptseg.spark.manifest;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import java.util.List;
import java.util.Map;
import org.adaptseg.data.dataset.ManifestRow;
import org.adaptseg.data.dataset.SampleProblem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/** Rows of a manifest as rows of a Parquet file. */
final class ManifestSchema {
  private static final StructType PROBLEM =
      createStructType(List.of(field("kind", StringType), field("text", StringType)));

  static final StructType TYPE =
      createStructType(
          List.of(
              field("image", StringType),
              field("label", StringType),
              field("image_bytes", LongType),
              field("label_bytes", LongType),
              field("image_sha256", StringType),
              field("label_sha256", StringType),
              field("width", IntegerType),
              field("height", IntegerType),
              field("label_width", IntegerType),
              field("label_height", IntegerType),
              field("histogram", createMapType(IntegerType, LongType, false)),
              field("problems", createArrayType(PROBLEM, false))));

  private ManifestSchema() {}

  private static StructField field(String name, DataType type) {
    return createStructField(name, type, false);
  }

  static Row toRow(ManifestRow row) {
    Row[] problems =
        row.problems().stream()
            .map(problem -> RowFactory.create(problem.kind().name(), problem.text()))
            .toArray(Row[]::new);
    return RowFactory.create(
        row.image(),
        row.label(),
        row.imageBytes(),
        row.labelBytes(),
        row.imageSha256(),
        row.labelSha256(),
        row.width(),
        row.height(),
        row.labelWidth(),
        row.labelHeight(),
        JavaConverters.mapAsScalaMap(row.histogram()),
        problems);
  }

  static ManifestRow fromRow(Row row) {
    Map<Integer, Long> histogram = row.getJavaMap(10);
    List<Row> problems = row.getList(11);
    return new ManifestRow(
        row.getString(0),
        row.getString(1),
        row.getLong(2),
        row.getLong(3),
        row.getString(4),
        row.getString(5),
        row.getInt(6),
        row.getInt(7),
        row.getInt(8),
        row.getInt(9),
        histogram,
        problems.stream()
            .map(
                problem ->
                    new SampleProblem(
                        SampleProblem.Kind.valueOf(problem.getString(0)), problem.getString(1)))
            .toList());
  }
}
