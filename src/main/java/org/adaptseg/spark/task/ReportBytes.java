package org.adaptseg.spark.task;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * What a task reports to the driver as it travels: records, which not every Spark serializer can
 * write. The driver reads no other types than those that reports are made of: anyone who can send
 * it bytes must not choose what code it runs.
 */
public final class ReportBytes {
  /** Far above a report of a hundred thousand iterations. */
  public static final int MOST_BYTES = 64 << 20;

  private static final ObjectInputFilter OWN_TYPES =
      ObjectInputFilter.Config.createFilter(
          "maxbytes="
              + MOST_BYTES
              + ";maxdepth=12;maxarray=4194304;maxrefs=8000000"
              + ";org.adaptseg.train.*;org.adaptseg.config.*;org.adaptseg.report.gallery.*"
              // What List.copyOf and the maps of losses write and become.
              + ";java.util.CollSer;java.util.ImmutableCollections$List12"
              + ";java.util.ImmutableCollections$ListN;java.util.Collections$UnmodifiableMap;java.util.LinkedHashMap"
              + ";java.util.HashMap;java.util.Map$Entry"
              + ";java.lang.Object;java.lang.Record;java.lang.Enum"
              + ";java.lang.Number;java.lang.Integer;java.lang.Long;java.lang.Double"
              + ";java.lang.String;!*");

  private ReportBytes() {}

  /** The bytes of what a task reports, by Java's serialisation. */
  public static byte[] write(Serializable report) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(report);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a report.
   *
   * @param type what it must be
   * @throws IOException if the bytes hold anything else
   */
  public static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      in.setObjectInputFilter(OWN_TYPES);
      Object report = in.readObject();
      if (type.isInstance(report)) {
        return type.cast(report);
      }
      throw new InvalidClassException("another object");
    } catch (IOException | ClassNotFoundException | RuntimeException e) {
      // Damaged streams make constructors throw whatever they throw.
      throw new IOException("Cannot read a worker's report: expected one, found " + e, e);
    }
  }
}
