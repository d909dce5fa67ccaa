package org.adaptseg.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.RunDirectory;
import org.adaptseg.job.card.CardFiles;
import org.adaptseg.job.card.CardScores;
import org.adaptseg.job.card.ModelCard;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.job.process.Versions;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.StateNames;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.train.Networks;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.WeightExport;
import org.adaptseg.weights.WeightFiles;
import org.adaptseg.weights.WeightSource;
import org.adaptseg.weights.dl4j.StockGraph;
import org.adaptseg.weights.onnx.OnnxFile;
import org.adaptseg.weights.onnx.OnnxForm;
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

/** Writes a checkpoint's generator for PyTorch, DL4J or whatever runs ONNX. */
@Command(
    name = "export",
    description = {
      "Write a checkpoint's generator as safetensors with the key names of the released PyTorch"
          + " code, which can then evaluate it, as a zip file that plain DL4J restores, or as an"
          + " ONNX model."
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
          "safetensors; dl4j: a ComputationGraph of DL4J's own layers, for"
              + " ModelSerializer.restoreComputationGraph; or onnx: the main head, upsampled to the"
              + " input's size, for any number and size of images (${DEFAULT-VALUE}).")
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

  @Option(
      names = "--with-normalisation",
      description =
          "With onnx, let the model prepare its input: pixels, uint8 [N, H, W, 3], red, green,"
              + " blue. Else image, float32 [N, 3, H, W], prepared as data.normalisation says.")
  private boolean normalises;

  @Option(
      names = "--with-arg-max",
      description =
          "With onnx, let the model choose: classes, uint8 [N, H, W]. Else logits, float32"
              + " [N, C, H, W].")
  private boolean chooses;

  @Option(
      converter = LocationConverter.class,
      names = "--scores",
      paramLabel = "FILE",
      description =
          "Scores of evaluate --json for the card, in addition to the run's own; repeatable.")
  private List<String> scores = new ArrayList<>();

  @Option(names = "--no-card", description = "Write no model.json and README.md beside the file.")
  private boolean noCard;

  @Option(
      names = "--overwrite",
      description = "Replace a model.json and README.md of another network, or of yours.")
  private boolean overwrite;

  @Spec private CommandSpec spec;

  /** What is written. */
  private enum Format {
    SAFETENSORS("safetensors"),
    DL4J("zip"),
    ONNX("onnx");

    /** Programs go by these, and would fail on another format by the same name. */
    private static final Pattern KNOWN =
        Pattern.compile("safetensors|zip|onnx|pth?|bin|ckpt|pkl|tar|npz|h5|pb");

    private final String ending;

    Format(String ending) {
      this.ending = ending;
    }

    private boolean fits(String file) {
      String found = Names.lower(file.substring(file.lastIndexOf('.') + 1));
      return found.equals(ending) || !KNOWN.matcher(found).matches();
    }

    private static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String name) {
        return switch (name) {
          case "safetensors" -> SAFETENSORS;
          case "dl4j" -> DL4J;
          case "onnx" -> ONNX;
          default ->
              throw new TypeConversionException(
                  "expected safetensors, dl4j or onnx, found '%s'".formatted(name));
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
    requireOptionsOfFormat();
    RunConfig config = options.load(checkpoint.directory());
    Configuration hadoop = options.hadoop();
    ResolvedData data = ResolvedData.of(config.data(), Configurations.texts(hadoop));
    List<String> notes = new ArrayList<>();
    RunDirectory run = new RunDirectory(config, data, hadoop);
    Checkpoint at = run.checkpoint(checkpoint.directory(), notes);
    notes.forEach(System.out::println);
    ModelCard card = card(run, data.classes(), at, hadoop);
    Path file = new Path(output);
    Optional<CardFiles> beside =
        noCard ? Optional.empty() : Optional.of(CardFiles.beside(file, card, overwrite, hadoop));
    int count = write(config, data.classes().names(), at, card, file, hadoop);
    System.out.printf("Wrote %d tensors of iteration %d to %s%n", count, at.iteration(), output);
    if (beside.isPresent()) {
      beside.get().write(Names.lower(format.name()));
      System.out.printf("Wrote %s and %s beside it%n", CardFiles.JSON, CardFiles.PAGE);
    }
    return Main.DONE;
  }

  private ModelCard card(RunDirectory run, LabelSpace classes, Checkpoint at, Configuration hadoop)
      throws IOException {
    String named = checkpoint.directory();
    Path directory = run.run(named);
    return ModelCard.of(
        run.origin(named),
        classes,
        at,
        RunFacts.read(directory, hadoop),
        CardScores.of(directory, named, at.iteration(), classes.names(), scores, hadoop));
  }

  private void requireOptionsOfFormat() {
    if (!format.fits(output)) {
      throw new ParameterException(
          spec.commandLine(),
          "Cannot export %s: expected a name that ends in .%s, found %s (PyTorch loads safetensors by safetensors.torch.load_file; --format chooses another)"
              .formatted(Names.lower(format.name()), format.ending, output));
    }
    if (format != Format.SAFETENSORS && branches != null) {
      throw new ParameterException(
          spec.commandLine(),
          "Cannot pad heads: expected --branches with --format safetensors, found "
              + Names.lower(format.name()));
    }
    if (format != Format.ONNX && (normalises || chooses)) {
      throw new ParameterException(
          spec.commandLine(),
          "Cannot write a model that %s: expected %s with --format onnx, found %s"
              .formatted(
                  normalises ? "normalises" : "chooses",
                  normalises ? "--with-normalisation" : "--with-arg-max",
                  Names.lower(format.name())));
    }
  }

  /** Returns the number of tensors. */
  private int write(
      RunConfig config,
      List<String> names,
      Checkpoint at,
      ModelCard card,
      Path file,
      Configuration hadoop)
      throws IOException {
    GeneratorArchitecture architecture = Networks.architecture(config.model(), names.size());
    List<ParameterSlice> slices = Generator.slices(architecture);
    Map<String, String> about = new LinkedHashMap<>(WeightSource.about(config));
    about.put("iteration", String.valueOf(at.iteration()));
    about.put(ModelCard.KEY, card.line());
    float[] parameters = at.state().values(StateNames.GENERATOR_PARAMETERS);
    int padded = branches == null ? WeightExport.RELEASED_BRANCHES : branches;
    Map<String, Tensor> tensors =
        WeightExport.tensors(slices, parameters, format == Format.SAFETENSORS ? padded : 0);
    switch (format) {
      case SAFETENSORS -> {
        about.put("format", "pt");
        WeightFiles.write(tensors, about, file, hadoop);
      }
      case DL4J ->
          WeightFiles.writeDl4j(
              StockGraph.json(architecture, slices), tensors, about, file, hadoop);
      case ONNX -> {
        about.put("classes", String.join(",", names));
        OnnxForm form =
            new OnnxForm(
                config.model().alignCorners(), config.data().normalisation(), normalises, chooses);
        return OnnxFile.write(
            architecture, tensors, form, about, Versions.all().get("project"), file, hadoop);
      }
    }
    return tensors.size();
  }
}
