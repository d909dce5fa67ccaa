package org.adaptseg.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adaptseg.testing.GoldenTensors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TorchFileTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path directory;

  static List<Path> files() {
    return GoldenTensors.files("state-*.pth");
  }

  private static StateDictionary read(Path file) throws IOException {
    return WeightFiles.read(new org.apache.hadoop.fs.Path(file.toUri()), HADOOP);
  }

  @ParameterizedTest
  @MethodSource("files")
  @Tag("golden")
  void tensorsEqualThoseThatPyTorchSaved(Path file) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(file.resolveSibling("state.json").toFile());
    StateDictionary found = read(file);
    assertThat(found.tensors()).hasSize(expected.size());
    expected
        .fields()
        .forEachRemaining(
            e -> {
              Tensor tensor = found.tensors().get(e.getKey());
              assertThat(tensor).as(e.getKey()).isNotNull();
              JsonNode shape = e.getValue().get("shape");
              assertThat(tensor.shape()).as(e.getKey()).hasSize(shape.size());
              for (int i = 0; i < shape.size(); i++) {
                assertThat(tensor.shape()[i]).isEqualTo(shape.get(i).asLong());
              }
              assertThat(tensor.type())
                  .isEqualTo(
                      switch (e.getValue().get("dtype").asText()) {
                        case "torch.float16" -> ElementType.F16;
                        case "torch.float64" -> ElementType.F64;
                        case "torch.int64" -> ElementType.I64;
                        default -> ElementType.F32;
                      });
              JsonNode values = e.getValue().get("values");
              double[] all = tensor.toDoubles();
              assertThat(all).hasSize(values.size());
              for (int i = 0; i < all.length; i++) {
                double value = values.get(i).asDouble();
                // The golden file gives nine digits.
                assertThat(all[i])
                    .as("%s[%d]", e.getKey(), i)
                    .isCloseTo(value, within(1e-8 * Math.abs(value)));
              }
            });
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aPickleThatCallsAnythingElseIsRefusedBeforeTheCall() throws IOException {
    // os.system("touch …"), as an exploit would have it
    Path evil = write("evil.pth", latin("\u0080\u0002cos\nsystem\nX\u0004\0\0\0true\u0085R."));
    assertThatThrownBy(() -> read(evil))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("found the name os.system; nothing was run")
        .hasMessageContaining("evil.pth");
  }

  @Test
  void aPickleThatIsNoneOfPyTorchIsRefused() throws IOException {
    Path number = write("number.pth", latin("\u0080\u0002K\u0007."));
    assertThatThrownBy(() -> read(number))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected one that torch.save wrote");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    for (Path golden : files()) {
      byte[] all = Files.readAllBytes(golden);
      for (int cut : new int[] {1, all.length / 3, all.length / 2, all.length - 1}) {
        Path half = write("half.pth", java.util.Arrays.copyOf(all, cut));
        assertThatThrownBy(() -> read(half))
            .as("%s cut at %d", golden.getFileName(), cut)
            .isInstanceOf(WeightsException.class);
      }
    }
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> read(directory.resolve("none.pth")))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected a file, found none")
        .hasMessageContaining("none.pth");
  }
}
