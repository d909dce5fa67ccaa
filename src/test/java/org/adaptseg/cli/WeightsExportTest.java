package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import onnx.Onnx.ModelProto;
import onnx.Onnx.StringStringEntryProto;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.TinyRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code weights export} leaves of a run of two iterations. */
@Tag("command")
class WeightsExportTest {
  @TempDir static Path shared;
  @TempDir Path own;

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(shared.resolve("tiny.yaml"), TinyRun.YAML);
    Ended run =
        ProgramRun.of(
            List.of(
                "train",
                "--config=" + shared.resolve("tiny.yaml"),
                "--set=output.dir=" + shared.resolve("run"),
                "--set=schedule.phases=[{phase: source-only, iterations: 2}]"));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private static Ended export(Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("weights", "export", "--config=" + shared.resolve("run"), "--output=" + file));
    arguments.addAll(List.of(more));
    return ProgramRun.of(arguments);
  }

  private static ModelProto onnx(Path file) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(file));
  }

  @Test
  void anOnnxFileTakesAndGivesWhatItsOptionsSay() throws IOException {
    Path file = own.resolve("network.onnx");
    Ended plain = export(file, "--format=onnx");
    assertThat(plain.err()).isEmpty();
    assertThat(plain.out()).contains("Wrote 89 tensors of iteration 2 to " + file);
    assertThat(onnx(file).getGraph().getInput(0).getName()).isEqualTo("image");
    assertThat(onnx(file).getGraph().getOutput(0).getName()).isEqualTo("logits");
    Map<String, String> about =
        onnx(file).getMetadataPropsList().stream()
            .collect(
                Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    assertThat(about)
        .containsEntry("normalisation", "caffe")
        .containsEntry("iteration", "2")
        .containsEntry("classes", "road,sidewalk,building,vegetation,sky,person,car,pole");

    assertThat(export(file, "--format=onnx", "--with-normalisation", "--with-arg-max").code())
        .isZero();
    assertThat(onnx(file).getGraph().getInput(0).getName()).isEqualTo("pixels");
    assertThat(onnx(file).getGraph().getOutput(0).getName()).isEqualTo("classes");
  }
}
