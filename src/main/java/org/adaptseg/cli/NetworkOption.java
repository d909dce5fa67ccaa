package org.adaptseg.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.adaptseg.checkpoint.Checkpoint;
import org.adaptseg.config.InitialWeights;
import org.adaptseg.config.ResolvedData;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.WeightsFrom;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.store.StoreProbe.Access;
import org.adaptseg.data.store.StoreProbe.Place;
import org.adaptseg.job.BestOnTarget;
import org.adaptseg.job.Configurations;
import org.adaptseg.job.RunDirectory;
import org.adaptseg.job.TrainedNetwork;
import org.adaptseg.job.card.DescribedModel;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.StateNames;
import org.adaptseg.report.ScoreNotes;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;
import org.adaptseg.weights.WeightImport;
import org.adaptseg.weights.WeightSource;
import org.adaptseg.weights.WeightsException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a trained network: a checkpoint of a run, or a file of weights. */
final class NetworkOption {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private String checkpoint;
  private String weights;

  // Not a group of picocli's: the help would list the options of a group in a mixin twice.
  @Option(
      converter = LocationConverter.class,
      names = "--checkpoint",
      paramLabel = "DIR",
      description = "Checkpoint; default: the newest complete one in the run directory.")
  private void checkpoint(String directory) {
    checkpoint = directory;
    requireOne();
  }

  @Option(
      converter = LocationConverter.class,
      names = "--weights",
      paramLabel = "FILE",
      description =
          "Weights of a trained network, PyTorch's .pth, safetensors or DL4J's zip file, instead of"
              + " --checkpoint. What weights export wrote says what its network is: predict needs no"
              + " --config then.")
  private void weights(String file) {
    weights = file;
    requireOne();
  }

  private void requireOne() {
    if (checkpoint != null && weights != null) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot use %s: expected --checkpoint or --weights, found both"
              .formatted(command.name()));
    }
  }

  @Option(
      names = "--weights-from",
      paramLabel = "ORIGIN",
      converter = OriginConverter.class,
      description =
          "Where --weights comes from: adaptseg, advent, own or other; by default"
              + " initial-weights.from.")
  private WeightsFrom from;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "Where the tensors are in --weights, if it holds several dictionaries of them; by default"
              + " initial-weights.key, or they are found.")
  private String key;

  @Option(
      names = "--rename",
      paramLabel = "FROM=TO",
      description =
          "Replace a prefix of --weights' keys by another, or remove it: 'backbone.='; repeatable,"
              + " in addition to initial-weights.rename.")
  private List<String> rename = new ArrayList<>();

  /**
   * The configuration that is named; without one, what {@code --weights} say of their network.
   *
   * @param parts of the data whose places must be named
   */
  DescribedModel load(ConfigOptions options, Set<ResolvedData.Part> parts) {
    try {
      if (options.file() == null && weights != null) {
        Optional<DescribedModel> described = options.describedBy(weights);
        if (described.isPresent()) {
          return described.get();
        }
        throw new ConfigException(
            "--config",
            List.of(
                "expected a file or a run directory, or --weights that weights export wrote and"
                    + " that say what their network is, found neither"));
      }
      return new DescribedModel(
          options.load(checkpoint, parts), Configurations.texts(options.hadoop()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Where it is. */
  Place place(RunConfig config) {
    if (weights != null) {
      return new Place("--weights", weights, Access.READ);
    }
    return checkpoint != null
        ? new Place("--checkpoint", checkpoint, Access.LIST)
        : new Place("the checkpoints", config.output().dir(), Access.LIST);
  }

  /** The checkpoint that is named; null for none. */
  String checkpoint() {
    return checkpoint;
  }

  /** What was scored, for the notes of the scores. */
  String selection() {
    if (weights != null) {
      return "weights of " + weights;
    }
    if (checkpoint == null) {
      return ScoreNotes.LAST;
    }
    Path parent = new Path(checkpoint).getParent();
    boolean best =
        new Path(checkpoint).getName().equals(BestOnTarget.DIRECTORY)
            || parent != null && parent.getName().equals(BestOnTarget.DIRECTORY);
    return best ? ScoreNotes.BEST : "checkpoint given by name";
  }

  /**
   * Reads it.
   *
   * @param notes receives what a person should know of it
   * @throws WeightsException with every key of a file that is not accounted for, or if a tensor of
   *     the network would keep random values
   */
  TrainedNetwork read(RunConfig config, ResolvedData data, Configuration hadoop, List<String> notes)
      throws IOException {
    if (weights == null) {
      Checkpoint at = new RunDirectory(config, data, hadoop).checkpoint(checkpoint, notes);
      return TrainedNetwork.of(at);
    }
    InitialWeights rules = config.initialWeights();
    RunConfig begun =
        new InitialWeights(
                weights,
                from == null ? rules.from() : from,
                false,
                Stream.concat(rules.rename().stream(), rename.stream()).toList(),
                rules.skip(),
                rules.keep(),
                key == null ? rules.key() : key)
            .inPlaceOfThoseOf(config);
    List<ParameterSlice> slices =
        Generator.slices(Networks.architecture(begun.model(), data.classes().size()));
    WeightImport match = WeightSource.match(begun, slices, hadoop);
    List<String> problems = new ArrayList<>(match.problems());
    if (!match.kept().isEmpty()) {
      problems.add("expected every tensor of a trained network, found none for " + match.kept());
    }
    if (!problems.isEmpty()) {
      throw new WeightsException(
          "Cannot use the weights %s (%s):%n - %s"
              .formatted(
                  weights, begun.initialWeights().from().key(), String.join("\n - ", problems)));
    }
    notes.add("Weights: %s: %s".formatted(weights, match.describe()));
    long length = slices.stream().mapToLong(ParameterSlice::length).sum();
    float[] values = new float[Math.toIntExact(length)]; // all of it is written to
    match.applyTo(values);
    LearnerState state =
        new LearnerState(List.of(new LearnerState.Vector(StateNames.GENERATOR_PARAMETERS, values)));
    return new TrainedNetwork(state, 0, new Path(weights).getName());
  }
}
