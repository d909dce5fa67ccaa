package org.adaptseg.data.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class HadoopSettingsTest {
  @Test
  void everySettingArrivesAndNoneIsPrinted() throws IOException, ClassNotFoundException {
    Configuration sent = new Configuration();
    sent.set("fs.s3a.secret.key", "Straße/+=\n");
    sent.set("empty", "");
    sent.set("reference", "${empty}/x");
    sent.set("long", "x".repeat(100_000));
    HadoopSettings settings = new HadoopSettings(sent);
    Configuration arrived = throughSpark(settings).configuration();
    assertThat(arrived).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(arrived.getRaw("reference")).isEqualTo("${empty}/x");
    assertThat(settings).hasToString("Hadoop settings (" + sent.size() + ")");
  }

  private static HadoopSettings throughSpark(HadoopSettings settings)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(settings);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (HadoopSettings) in.readObject();
    }
  }
}
