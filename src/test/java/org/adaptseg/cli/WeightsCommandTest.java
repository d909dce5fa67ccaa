package org.adaptseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.adaptseg.testing.Ended;
import org.adaptseg.testing.TinyRun;
import org.adaptseg.weights.StateDictionary;
import org.adaptseg.weights.WeightFiles;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights out of one run and into the next, by the commands. */
@Tag("command")
class WeightsCommandTest {
  @TempDir Path directory;

  private int run(String... arguments) {
    return Main.run(arguments);
  }

  private String[] train(Path config, String run, String... more) {
    List<String> all = new ArrayList<>(List.of("train", "--config", config.toString()));
    all.addAll(List.of("--set", "output.dir=" + directory.resolve(run)));
    for (String set : more) {
      all.addAll(List.of("--set", set));
    }
    return all.toArray(String[]::new);
  }

  private StateDictionary read(Path file) throws IOException {
    return WeightFiles.read(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration());
  }

  private Path export(Path config, String run) {
    Path file = directory.resolve("export-of-" + run + "/model.safetensors");
    assertThat(
            run(
                "weights",
                "export",
                "--config",
                config.toString(),
                "--set",
                "output.dir=" + directory.resolve(run),
                "--output",
                file.toString()))
        .isZero();
    return file;
  }

  @Test
  void aRunBeginsWithTheWeightsThatAnotherLeft() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    String small = "schedule.phases=[{phase: source-only, iterations: 1}]";
    assertThat(run(train(config, "first", small))).isZero();
    Path exported = export(config, "first");
    Path imported = directory.resolve("imported.safetensors");
    assertThat(
            run(
                "weights",
                "import",
                exported.toString(),
                "--from",
                "own",
                "--config",
                config.toString(),
                "--output",
                imported.toString()))
        .isZero();

    // A rate this small moves no weight by a bit; running statistics move, as they must.
    assertThat(
            run(
                train(
                    config,
                    "second",
                    small,
                    "run.seed=9",
                    "optimizer.generator.learning-rate=1e-30",
                    "initial-weights.from=own",
                    "initial-weights.file=" + imported)))
        .isZero();
    StateDictionary before = read(exported);
    StateDictionary after = read(export(config, "second"));
    assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
    after
        .tensors()
        .forEach(
            (key, tensor) -> {
              if (!key.contains("running_")) {
                assertThat(tensor.toFloats())
                    .as(key)
                    .containsExactly(before.tensors().get(key).toFloats());
              }
            });
    assertThat(after.tensors().get("bn1.running_mean").toFloats())
        .isNotEqualTo(before.tensors().get("bn1.running_mean").toFloats());
  }

  @Test
  void aZipFileOfDl4jGivesTheTensorsThatSafetensorsGives() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    assertThat(run(train(config, "run", "schedule.phases=[{phase: source-only, iterations: 1}]")))
        .isZero();
    Path zip = directory.resolve("run.zip");
    List<String> export =
        List.of(
            "weights",
            "export",
            "--config=" + config,
            "--set=output.dir=" + directory.resolve("run"),
            "--format=dl4j",
            "--output=" + zip);
    assertThat(run(export.toArray(String[]::new))).isZero();
    Path imported = directory.resolve("imported.safetensors");
    assertThat(
            run(
                "weights",
                "import",
                zip.toString(),
                "--from=own",
                "--config=" + config,
                "--output=" + imported))
        .isZero();
    StateDictionary safetensors = read(export(config, "run"));
    read(imported)
        .tensors()
        .forEach(
            (key, tensor) ->
                assertThat(tensor.data()).as(key).isEqualTo(safetensors.tensors().get(key).data()));
    assertThat(read(imported).tensors()).hasSize(read(zip).tensors().size());
    assertThat(read(zip).metadata())
        .containsEntry("normalisation", "caffe")
        .containsEntry("iteration", "1");

    Ended other =
        ProgramRun.of(
            List.of(
                "weights",
                "import",
                zip.toString(),
                "--from=own",
                "--config=" + config,
                "--set=model.layers=[1, 2, 1, 1]"));
    assertThat(other.code()).isEqualTo(Main.FAILURE);
    assertThat(other.err())
        .contains("Cannot import " + zip)
        .contains("layer2.1.conv1.weight: expected in the file, found none");
    Ended strided =
        ProgramRun.of(
            List.of(
                "weights",
                "import",
                zip.toString(),
                "--from=own",
                "--config=" + config,
                "--set=model.stride-on=3x3"));
    assertThat(strided.err())
        .contains("written by a network with stride-on 1x1; the configuration has 3x3");
  }

  @ParameterizedTest
  @CsvSource({"a.pth, safetensors", "a.onnx, safetensors", "a.safetensors, dl4j", "a.zip, onnx"})
  void aFileIsNotNamedAsOneOfAnotherFormat(String name, String format) {
    Ended ended =
        ProgramRun.of(List.of("weights", "export", "--output=" + name, "--format", format));

    assertThat(ended.code()).isEqualTo(Main.BAD_USAGE);
    assertThat(ended.err())
        .contains("Cannot export " + format + ": expected a name that ends in .");
  }

  @Test
  void branchesAreOfSafetensorsAndFormatsHaveNames() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    List<String> export = List.of("weights", "export", "--config=" + config, "--output=a");
    for (List<String> wrong :
        List.of(
            List.of("--format=dl4j", "--branches=4"),
            List.of("--format=onnx", "--branches=4"),
            List.of("--format=dl4j", "--with-normalisation"),
            List.of("--with-arg-max"),
            List.of("--format=tensorflow"))) {
      List<String> all = new ArrayList<>(export);
      all.addAll(wrong);
      Ended ended = ProgramRun.of(all);
      assertThat(ended.code()).isEqualTo(Main.BAD_USAGE);
      assertThat(ended.err()).contains("expected");
    }
  }

  private JsonNode scores(Path config, String... more) throws IOException {
    Path json = directory.resolve("scores.json");
    List<String> arguments =
        new ArrayList<>(List.of("evaluate", "--config", config.toString(), "--json=" + json));
    arguments.addAll(List.of(more));
    assertThat(run(arguments.toArray(String[]::new))).isZero();
    return new ObjectMapper().readTree(json.toFile());
  }

  @Test
  void weightsAreScoredAndPredictWithoutARun() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    assertThat(run(train(config, "run", "schedule.phases=[{phase: source-only, iterations: 20}]")))
        .isZero();
    Path weights = export(config, "run");

    String dir = "--set=output.dir=" + directory.resolve("run");
    JsonNode ofRun = scores(config, dir);
    JsonNode ofFile =
        scores(
            config,
            "--set=output.dir=" + directory.resolve("none"),
            "--weights=" + weights,
            "--weights-from=own");
    assertThat(ofFile.get("confusion")).isEqualTo(ofRun.get("confusion"));
    assertThat(directory.resolve("none")).doesNotExist();

    Path image = directory.resolve("images/a.png");
    Files.createDirectories(image.getParent());
    ImageIO.write(new BufferedImage(80, 40, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
    List<byte[]> predicted = new ArrayList<>();
    for (List<String> network :
        List.of(List.of(dir), List.of("--weights=" + weights, "--weights-from=own"))) {
      Path output = directory.resolve("predicted-" + predicted.size());
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "predict",
                  "--config=" + config,
                  "--input=" + image.getParent(),
                  "--output=" + output,
                  "--ids=cityscapes"));
      arguments.addAll(network);
      assertThat(run(arguments.toArray(String[]::new))).isZero();
      predicted.add(Files.readAllBytes(output.resolve("label-ids/a.png")));
    }
    assertThat(predicted.get(1)).isEqualTo(predicted.get(0));
  }

  @Test
  void aCheckpointAndWeightsTogetherAreBadUsage() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    assertThat(run("evaluate", "--config=" + config, "--checkpoint=a", "--weights=b.pth"))
        .isEqualTo(Main.BAD_USAGE);
    assertThat(run("evaluate", "--config=" + config, "--weights=b.pth", "--weights-from=caffe"))
        .isEqualTo(Main.BAD_USAGE);
  }

  @Test
  void weightsThatLeaveAHeadAtRandomValuesAreNotScored() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    assertThat(run(train(config, "run", "schedule.phases=[{phase: source-only, iterations: 1}]")))
        .isZero();
    Path weights = export(config, "run");
    List<String> arguments =
        List.of(
            "evaluate",
            "--config=" + config,
            "--weights=" + weights,
            "--set=initial-weights.skip=['layer6.*']",
            "--set=initial-weights.keep=['layer6.*']",
            "--weights-from=own");
    Ended run = ProgramRun.of(arguments);
    assertThat(run.code()).isEqualTo(Main.FAILURE);
    assertThat(run.err()).contains("expected every tensor of a trained network");
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedBeforeTraining() throws IOException {
    Path config = Files.writeString(directory.resolve("tiny.yaml"), TinyRun.YAML);
    Path golden = Path.of(System.getProperty("golden.dir"), "state-zip.pth");
    assertThat(run(train(config, "run", "initial-weights.file=" + golden))).isEqualTo(Main.FAILURE);
    assertThat(directory.resolve("run").resolve("checkpoints")).doesNotExist();
    assertThat(run("weights", "import", golden.toString(), "--config", config.toString()))
        .isEqualTo(Main.FAILURE);
  }
}
