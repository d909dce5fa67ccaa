package org.adaptseg.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.adaptseg.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program. Exit codes: 0 done, 1 failure, 2 bad usage or configuration.
 *
 * <p>The process is left only on failure: as a task of a scheduler that shares its JVM, a program
 * must return.
 */
@Command(
    name = "adaptseg",
    description = "Adversarial output-space domain adaptation of segmentation networks on Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    subcommands = {
      DemoCommand.class,
      SynthesizeCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      AblationCommand.class,
      WeightsCommand.class,
      IngestCommand.class,
      PredictCommand.class,
      ReportCommand.class,
      BenchCommand.class,
      ThreadsCommand.class
    })
public final class Main implements Callable<Integer> {
  static final int DONE = 0;
  static final int FAILURE = 1;
  static final int BAD_USAGE = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--stack-trace",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Print the whole stack trace of a failure.")
  private boolean stackTrace;

  /** Runs the command; returns on success. */
  public static void main(String[] arguments) {
    int code = run(arguments);
    if (code != DONE) {
      System.exit(code);
    }
  }

  /** Runs the command and returns the exit code. */
  static int run(String... arguments) {
    Main main = new Main();
    return new CommandLine(main)
        .setExecutionExceptionHandler((e, line, result) -> main.failed(e, line))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  private int failed(Exception e, CommandLine line) {
    if (stackTrace) {
      e.printStackTrace(line.getErr());
    }
    line.getErr().println(Failures.message(e));
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
