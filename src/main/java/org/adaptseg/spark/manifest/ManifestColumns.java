package org.adaptseg.spark.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/**
 * The columns of a manifest in a file that another tool may have written again. Their order,
 * columns besides, whether values may be missing and whether whole numbers have 32 or 64 bits is
 * that tool's; their names and what they hold is not.
 */
final class ManifestColumns {
  private ManifestColumns() {}

  /**
   * Compares a file's columns with those of {@link ManifestSchema}.
   *
   * @throws IOException with every column that is missing or of another kind
   */
  static void require(MessageType found) throws IOException {
    List<String> problems = new ArrayList<>();
    for (StructField field : ManifestSchema.TYPE.fields()) {
      if (!found.containsField(field.name())) {
        problems.add("no column " + field.name());
      } else if (!holds(found.getType(field.name()), field.dataType())) {
        String type = found.getType(field.name()).toString().replaceAll("\\s+", " ");
        problems.add("the column " + type + " in place of " + field.dataType().simpleString());
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(String.join(", ", problems));
    }
  }

  private static boolean holds(Type found, DataType wanted) {
    if (wanted instanceof MapType map) {
      GroupType entry = repeated(found);
      return entry != null
          && entry.getFieldCount() == 2
          && holds(entry.getType(0), map.keyType())
          && holds(entry.getType(1), map.valueType());
    }
    if (wanted instanceof ArrayType) {
      GroupType entry = repeated(found);
      return entry != null
          && entry.getFieldCount() == 1
          && !entry.getType(0).isPrimitive()
          && isText(entry.getType(0).asGroupType(), "kind")
          && isText(entry.getType(0).asGroupType(), "text");
    }
    if (!found.isPrimitive() || found.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    PrimitiveTypeName type = found.asPrimitiveType().getPrimitiveTypeName();
    return wanted.equals(DataTypes.StringType)
        ? type == PrimitiveTypeName.BINARY
        : type == PrimitiveTypeName.INT32 || type == PrimitiveTypeName.INT64;
  }

  private static boolean isText(GroupType group, String name) {
    return group.containsField(name) && holds(group.getType(name), DataTypes.StringType);
  }

  /** What a list or map repeats; null if it is none. */
  private static GroupType repeated(Type found) {
    if (found.isPrimitive() || found.asGroupType().getFieldCount() != 1) {
      return null;
    }
    Type repeated = found.asGroupType().getType(0);
    return repeated.isRepetition(Type.Repetition.REPEATED) && !repeated.isPrimitive()
        ? repeated.asGroupType()
        : null;
  }

  /**
   * A whole number of 32 or 64 bits.
   *
   * @throws IOException if there is none
   */
  static long number(Group group, String field) throws IOException {
    requireValue(group, field);
    Type type = group.getType().getType(field);
    return type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32
        ? group.getInteger(field, 0)
        : group.getLong(field, 0);
  }

  /**
   * A whole number that a row has in 32 bits.
   *
   * @throws IOException if there is none, or it is larger
   */
  static int smallNumber(Group group, String field) throws IOException {
    long value = number(group, field);
    if (value != (int) value) {
      throw new IOException(value + " in " + field);
    }
    return (int) value;
  }

  /**
   * Requires that a row has a value.
   *
   * @throws IOException if there is none
   */
  static void requireValue(Group group, String field) throws IOException {
    if (group.getFieldRepetitionCount(field) == 0) {
      throw new IOException("a row without a value in " + field);
    }
  }
}
