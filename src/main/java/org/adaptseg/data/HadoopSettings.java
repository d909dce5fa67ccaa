package org.adaptseg.data;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Hadoop's settings in a form that can be shipped to workers. May hold credentials, so it is never
 * printed or saved.
 */
public final class HadoopSettings implements Serializable {
  private static final long serialVersionUID = 1L;
  private final HashMap<String, String> values = new HashMap<>();

  /** Copies a configuration. */
  public HadoopSettings(Configuration configuration) {
    for (Map.Entry<String, String> entry : configuration) {
      values.put(entry.getKey(), entry.getValue());
    }
  }

  /** The configuration again. */
  public Configuration configuration() {
    Configuration configuration = new Configuration(false);
    values.forEach(configuration::set);
    return configuration;
  }

  @Override
  public String toString() {
    return "Hadoop settings (" + values.size() + ")";
  }
}
