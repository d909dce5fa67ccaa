package org.adaptseg.data.store;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Hadoop's settings in a form that can be shipped to workers. May hold credentials, so it is never
 * printed or saved.
 */
public final class HadoopSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Number of settings, then the length and the UTF-8 bytes of each name and value. */
  private final byte[] encoded;

  /** Copies a configuration. */
  public HadoopSettings(Configuration configuration) {
    Map<String, String> values = new TreeMap<>();
    for (Map.Entry<String, String> entry : configuration) {
      values.put(entry.getKey(), entry.getValue());
    }
    // There are a thousand of them, which every task of every round brings along: one array is
    // written and read in no time, and is parsed only when the settings are needed.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(values.size());
      for (Map.Entry<String, String> entry : values.entrySet()) {
        write(entry.getKey(), out);
        write(entry.getValue(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    encoded = bytes.toByteArray();
  }

  /** The configuration again. */
  public Configuration configuration() {
    Configuration configuration = new Configuration(false);
    ByteBuffer in = ByteBuffer.wrap(encoded);
    for (int left = in.getInt(); left > 0; left--) {
      configuration.set(read(in), read(in));
    }
    return configuration;
  }

  private static void write(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String read(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Hadoop settings (" + ByteBuffer.wrap(encoded).getInt() + ")";
  }
}
