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
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.StateNames;
import org.adaptseg.train.Networks;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.WeightExport;
import org.adaptseg.weights.WeightFiles;
import org.adaptseg.weights.WeightSource;
import org.adaptseg.weights.dl4j.StockGraph;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Writes a checkpoint's generator for PyTorch or DL4J. */
@Command(
    name = "export",
    description = {
      "Write a checkpoint's generator as safetensors with the key names of the released PyTorch"
          + " code, which can then evaluate it, or as a zip file that plain DL4J restores."
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
      names = "--format",
      paramLabel = "FORMAT",
      converter = Format.Converter.class,
      defaultValue = "safetensors",
      description =
          "safetensors, or dl4j: a ComputationGraph of DL4J's own layers, for"
              + " ModelSerializer.restoreComputationGraph (${DEFAULT-VALUE}).")
  private Format format;

  @Option(
      names = "--branches",
      paramLabel = "N",
      description =
          "With safetensors, pad heads with branches of zeros up to this number; 0 adds none. By"
              + " default "
              + WeightExport.RELEASED_BRANCHES
              + ", the branches of the released code, whose loader wants them all.")
  private Integer branches;

  @Spec private CommandSpec spec;

  /** What is written. */
  private enum Format {
    SAFETENSORS,
    DL4J;

    private static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String name) {
        return switch (name) {
          case "safetensors" -> SAFETENSORS;
          case "dl4j" -> DL4J;
          default ->
              throw new TypeConversionException(
                  "expected safetensors or dl4j, found '%s'".formatted(name));
        };
      }
    }
  }

  @Override
  public int threads() {
    return options.load(checkpoint.directory()).cluster().threadsPerWorker();
  }

  @Override
  public Integer call() throws IOException {
    if (format == Format.DL4J && branches != null) {
      throw new ParameterException(
          spec.commandLine(),
          "Cannot pad heads: expected --branches with --format safetensors, found dl4j");
    }
    RunConfig config = options.load(checkpoint.directory());
    Configuration hadoop = options.hadoop();
    ResolvedData data = ResolvedData.of(config.data(), Configurations.texts(hadoop));
    List<String> notes = new ArrayList<>();
    Checkpoint at =
        new RunDirectory(config, data, hadoop).checkpoint(checkpoint.directory(), notes);
    notes.forEach(System.out::println);
    int classes = data.classes().size();
    int count = write(config, Networks.architecture(config.model(), classes), at, hadoop);
    System.out.printf("Wrote %d tensors of iteration %d to %s%n", count, at.iteration(), output);
    return Main.DONE;
  }

  /** Returns the number of tensors. */
  private int write(
      RunConfig config, GeneratorArchitecture architecture, Checkpoint at, Configuration hadoop)
      throws IOException {
    List<ParameterSlice> slices = Generator.slices(architecture);
    Map<String, String> about = new LinkedHashMap<>(WeightSource.about(config));
    about.put("iteration", String.valueOf(at.iteration()));
    float[] parameters = at.state().values(StateNames.GENERATOR_PARAMETERS);
    int padded = branches == null ? WeightExport.RELEASED_BRANCHES : branches;
    Map<String, Tensor> tensors =
        WeightExport.tensors(slices, parameters, format == Format.DL4J ? 0 : padded);
    switch (format) {
      case SAFETENSORS -> {
        about.put("format", "pt");
        WeightFiles.write(tensors, about, new Path(output), hadoop);
      }
      case DL4J ->
          WeightFiles.writeDl4j(
              StockGraph.json(architecture, slices), tensors, about, new Path(output), hadoop);
    }
    return tensors.size();
  }
}
