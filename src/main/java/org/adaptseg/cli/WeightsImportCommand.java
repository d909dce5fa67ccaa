package org.adaptseg.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.WeightsFrom;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.train.Networks;
import org.adaptseg.weights.Tensor;
import org.adaptseg.weights.WeightFiles;
import org.adaptseg.weights.WeightImport;
import org.adaptseg.weights.WeightSource;
import org.adaptseg.weights.WeightsException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a file of weights against a configuration's generator and converts it. */
@Command(
    name = "import",
    description = {
      "Check PyTorch's .pth, a safetensors file or DL4J's zip file against the generator of a"
          + " configuration, key by key, and write what matches as safetensors under the"
          + " generator's own keys.",
      "To train from such a file, or from the original, set initial-weights.file."
    },
    mixinStandardHelpOptions = true)
final class WeightsImportCommand implements Callable<Integer>, Threaded {
  @Mixin private ConfigOptions options;

  @Parameters(
      converter = LocationConverter.class,
      paramLabel = "FILE",
      description = "Weights, on any Hadoop file system.")
  private String file;

  @Option(
      converter = LocationConverter.class,
      names = "--output",
      paramLabel = "FILE",
      description = "The safetensors file to write.")
  private String output;

  @Option(
      names = "--from",
      paramLabel = "ORIGIN",
      converter = OriginConverter.class,
      description =
          "Where the file comes from: released-init, torchvision, advent, adaptseg, own or other;"
              + " by default initial-weights.from.")
  private WeightsFrom from;

  @Option(
      names = "--rename",
      paramLabel = "FROM=TO",
      description =
          "Replace a prefix of keys by another, or remove it: 'backbone.='; repeatable. A prefix"
              + " that all keys share is removed anyway.")
  private List<String> rename = new ArrayList<>();

  @Option(
      names = "--skip",
      paramLabel = "REGEX",
      description = "Keys of the file to ignore; repeatable.")
  private List<String> skip = new ArrayList<>();

  @Option(
      names = "--keep",
      paramLabel = "REGEX",
      description = "Keys of the network that may keep their random values; repeatable.")
  private List<String> keep = new ArrayList<>();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "Where the tensors are in a file that holds several dictionaries of them: model_state,"
              + " or a.b; by default initial-weights.key, or found.")
  private String key;

  @Override
  public int threads() {
    return options.load().cluster().threadsPerWorker();
  }

  @Override
  public Integer call() throws IOException {
    RunConfig config = options.load();
    Configuration hadoop = options.hadoop();
    RunConfig begun = given(config.initialWeights()).inPlaceOfThoseOf(config);
    WeightImport match = WeightSource.match(begun, slices(begun), hadoop);
    print(match, System.out);
    List<String> problems = match.problems();
    if (!problems.isEmpty()) {
      throw new WeightsException(
          "Cannot import %s:%n - %s".formatted(file, String.join("\n - ", problems)));
    }
    if (output != null) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      match
          .matched()
          .forEach(
              (slice, t) -> tensors.put(slice.key(), Tensor.of(t.toFloats(), 0, slice.shape())));
      Map<String, String> about = new LinkedHashMap<>(WeightSource.about(begun));
      about.put("format", "pt");
      WeightFiles.write(tensors, about, new Path(output), hadoop);
      System.out.println("Wrote " + output);
    }
    return Main.DONE;
  }

  private static List<ParameterSlice> slices(RunConfig config) {
    int classes =
        ResolvedData.labelSpace(
                config.data().classes(), Configurations.texts(Configurations.hadoop()))
            .size();
    return Generator.slices(Networks.architecture(config.model(), classes));
  }

  private InitialWeights given(InitialWeights configured) {
    return new InitialWeights(
        file,
        from == null ? configured.from() : from,
        false,
        joined(configured.rename(), rename),
        joined(configured.skip(), skip),
        joined(configured.keep(), keep),
        key == null ? configured.key() : key);
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static void print(WeightImport match, PrintStream out) {
    out.println(match.describe());
    match.skipped().forEach((key, rule) -> out.printf("skipped %s (%s)%n", key, rule));
    match.kept().forEach(key -> out.printf("kept %s%n", key));
  }
}
