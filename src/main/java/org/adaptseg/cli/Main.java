package org.adaptseg.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.adaptseg.cli.bench.BenchCommand;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.store.ShownText;
import org.adaptseg.engine.machine.NativeLibraries;
import org.adaptseg.engine.machine.NativeThreads;
import org.adaptseg.job.SparkHandle;
import org.adaptseg.job.process.Failures;
import org.adaptseg.job.process.ProcessLimits;
import org.adaptseg.job.process.QuietEnd;
import org.adaptseg.job.process.StandardOutput;
import org.adaptseg.job.process.SystemUser;
import org.adaptseg.job.process.Threaded;
import org.adaptseg.job.process.Versions;
import org.apache.spark.SparkConf;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program. Exit codes: 0 done, 1 failure, 2 bad usage or configuration.
 *
 * <p>The process is left only on failure, and only if it is this program's own. In the process of a
 * scheduler, which calls {@link #main} there, success is returning and failure is an exception:
 * that is what the scheduler shows.
 */
@Command(
    name = "adaptseg",
    description = "Adversarial output-space domain adaptation of segmentation networks on Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionLines.class,
    subcommands = {
      DemoCommand.class,
      SynthesizeCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      AblationCommand.class,
      ScalingCommand.class,
      WeightsCommand.class,
      IngestCommand.class,
      PredictCommand.class,
      PseudoLabelsCommand.class,
      ReportCommand.class,
      BenchCommand.class
    })
public final class Main implements Callable<Integer> {
  /** What {@code --version} prints. */
  static final class VersionLines implements IVersionProvider {
    @Override
    public String[] getVersion() {
      Map<String, String> versions = Versions.all();
      return new String[] {
        "adaptseg " + versions.get("project"),
        "Spark " + versions.get("spark"),
        "Java " + versions.get("java")
      };
    }
  }

  static final int DONE = 0;
  static final int FAILURE = 1;
  static final int BAD_USAGE = 2;

  @Spec private CommandSpec spec;

  private Exception failure;
  private boolean ownsProcess;

  @Option(
      names = "--stack-trace",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Print the whole stack trace of a failure.")
  private boolean stackTrace;

  /**
   * Runs the command; returns on success.
   *
   * @throws JobFailedException on failure in a process of others
   */
  public static void main(String[] arguments) {
    try {
      ProcessLimits.requireFiles();
    } catch (IllegalStateException e) {
      if (!startedThis()) {
        throw e;
      }
      System.err.println(e.getMessage());
      System.exit(FAILURE);
    }
    boolean hosted = isHosted();
    Main main = new Main();
    main.ownsProcess = !hosted;
    int code = main.execute(arguments);
    Optional<String> loss = code == DONE && !hosted ? StandardOutput.loss() : Optional.empty();
    if (loss.isPresent()) {
      System.err.println(loss.get());
      code = FAILURE;
    }
    if (code == DONE) {
      return;
    }
    if (hosted) {
      throw JobFailedException.of(main.failure);
    }
    System.exit(code);
  }

  /** Runs the command and returns the exit code. */
  static int run(String... arguments) {
    return new Main().execute(arguments);
  }

  private int execute(String... arguments) {
    return new CommandLine(this)
        .setExpandAtFiles(false) // a path may begin with @
        .setExecutionStrategy(this::prepared)
        .setExecutionExceptionHandler((e, line, result) -> failed(e, line))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  /** What would stop a command that computes is found before it has looked at anything. */
  private int prepared(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    boolean help = last.isUsageHelpRequested() || last.isVersionHelpRequested();
    if (!help) {
      LocationConverter.requireGiven(last);
    }
    if (!help && ownsProcess) {
      QuietEnd.prepare();
    }
    if (!help) {
      try {
        SystemUser.ensure();
        if (last.commandSpec().userObject() instanceof Threaded threaded) {
          int threads = threads(threaded);
          ProcessLimits.requireMemory(
              threads == Arithmetic.ANY_THREADS ? NativeThreads.count() : threads);
          NativeLibraries.require(threads);
        }
      } catch (IllegalStateException e) {
        throw new CommandLine.ExecutionException(
            last.commandSpec().commandLine(), e.getMessage(), e);
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /**
   * Whether this class is what Java was started with; opens no file and loads no class of Spark.
   */
  private static boolean startedThis() {
    return System.getProperty("sun.java.command", "").startsWith(Main.class.getName());
  }

  /** What a command's configuration says; the command itself reports what is wrong with that. */
  private static int threads(Threaded command) {
    try {
      return command.threads();
    } catch (RuntimeException e) {
      return Arithmetic.ANY_THREADS;
    }
  }

  /** Whether the process belongs to a notebook, a shared cluster's driver or YARN. */
  private static boolean isHosted() {
    if (startedThis()) {
      return false; // without asking Spark, which would take most of the time of --help
    }
    SparkConf conf = new SparkConf();
    return SparkHandle.isThereOne()
        || conf.get("spark.master", "").equals("yarn")
            && conf.get("spark.submit.deployMode", "client").equals("cluster");
  }

  private int failed(Exception e, CommandLine line) {
    failure = e;
    if (stackTrace) {
      e.printStackTrace(line.getErr());
    }
    // A command that a signal cuts off fails for that: its lack of a context is no news.
    if (!QuietEnd.hasBegun()) {
      line.getErr().println(ShownText.ofLines(Failures.message(e)));
    }
    line.getErr().flush();
    return e instanceof ConfigException ? BAD_USAGE : FAILURE;
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing command: expected one of "
            + String.join(", ", spec.subcommands().keySet()).toLowerCase(Locale.ROOT));
  }
}
