package org.adaptseg.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  private static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  private static StateDictionary read(byte[] file) throws IOException {
    return SafetensorsFile.read(new ByteArrayInputStream(file), file.length);
  }

  @Test
  void whatIsWrittenIsReadBitForBit() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.of(new float[] {1, -0f, Float.MIN_VALUE, 3e38f}, 0, 2, 2));
    tensors.put("a ü", Tensor.of(new float[] {7}, 0));
    tensors.put("empty", Tensor.of(new float[0], 0, 0, 3));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsFile.write(tensors, Map.of("format", "pt"), out);

    StateDictionary found = read(out.toByteArray());
    assertThat(found.tensors()).containsOnlyKeys("b", "a ü", "empty");
    assertThat(found.tensors().get("b").toFloats()).containsExactly(1, -0f, Float.MIN_VALUE, 3e38f);
    assertThat(found.tensors().get("b").shape()).containsExactly(2, 2);
    assertThat(found.tensors().get("a ü").shape()).isEmpty();
    // The values begin at a multiple of 8, as the format recommends.
    assertThat((out.size() - 5 * Float.BYTES) % 8).isZero();
  }

  @Test
  void aFileOfTheReferenceIsRead() throws IOException {
    // Written out by hand from the format's description.
    byte[] file =
        file(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"x\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                + "\"y\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[4,12]}} ",
            12);
    ByteBuffer data =
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(file.length - 12);
    data.putShort((short) 0x3FC0).putShort((short) 0xC000).putLong(-5);
    StateDictionary found = read(file);
    assertThat(found.tensors().get("x").toFloats()).containsExactly(1.5f, -2f);
    assertThat(found.tensors().get("y").toDoubles()).containsExactly(-5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json | a JSON header",
        "[] | a JSON object",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 8 bytes",
        "{\"x\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}} | a dtype",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | x at byte 0",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 bytes of values",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,8]}} | dtype, shape and",
        "{\"x\":1,\"x\":2} | a JSON header",
      })
  void aHeaderThatLiesIsRefused(String header, String expected) {
    assertThatThrownBy(() -> read(file(header, 8)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("Cannot read a safetensors file: expected")
        .hasMessageContaining(expected);
  }

  @Test
  void aLengthBeyondTheFileIsRefusedWithoutReservingIt() {
    byte[] file = file("{}", 0);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 99_999_999L);
    assertThatThrownBy(() -> read(file)).isInstanceOf(WeightsException.class);
  }
}
