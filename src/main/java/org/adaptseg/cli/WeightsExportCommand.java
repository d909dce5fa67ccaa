package org.adaptseg.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.RunDirectory;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.nn.StateNames;
import org.adaptseg.train.Networks;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.WeightExport;
import org.adaptseg.weights.WeightFiles;
import org.adaptseg.weights.WeightSource;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a checkpoint's generator as safetensors under PyTorch's names. */
@Command(
    name = "export",
    description = {
      "Write a checkpoint's generator as safetensors with the key names of the released PyTorch"
          + " code, which can then evaluate it."
    },
    mixinStandardHelpOptions = true)
final class WeightsExportCommand implements Callable<Integer>, Threaded {
  @Mixin private ConfigOptions options;

  @Mixin private CheckpointOption checkpoint;

  @Option(
      converter = LocationConverter.class,
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "File to write.")
  private String output;

  @Option(
      names = "--branches",
      paramLabel = "N",
      defaultValue = "" + WeightExport.RELEASED_BRANCHES,
      description =
          "Pad heads with branches of zeros up to this number, that of the released code, whose"
              + " loader wants them all; 0 adds none (${DEFAULT-VALUE}).")
  private int branches;

  @Override
  public int threads() {
    return options.load(checkpoint.directory()).cluster().threadsPerWorker();
  }

  @Override
  public Integer call() throws IOException {
    RunConfig config = options.load(checkpoint.directory());
    Configuration hadoop = options.hadoop();
    ResolvedData data = ResolvedData.of(config.data(), Configurations.texts(hadoop));
    List<String> notes = new ArrayList<>();
    Checkpoint at =
        new RunDirectory(config, data, hadoop).checkpoint(checkpoint.directory(), notes);
    notes.forEach(System.out::println);
    try (Networks networks = new Networks(config, data.classes().size())) {
      Map<String, Tensor> tensors =
          WeightExport.tensors(
              networks.generator().network().slices(),
              at.state().values(StateNames.GENERATOR_PARAMETERS),
              branches);
      Map<String, String> about = new LinkedHashMap<>(WeightSource.about(config));
      about.put("format", "pt");
      about.put("iteration", String.valueOf(at.iteration()));
      WeightFiles.write(tensors, about, new Path(output), hadoop);
      System.out.printf(
          "Wrote %d tensors of iteration %d to %s%n", tensors.size(), at.iteration(), output);
    }
    return Main.DONE;
  }
}
