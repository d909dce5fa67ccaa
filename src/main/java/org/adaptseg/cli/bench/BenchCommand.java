package org.adaptseg.cli.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Benchmarks. */
@Command(
    name = "bench",
    description = "Time parts of the program.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchStepCommand.class,
      BenchForwardCommand.class,
      BenchEvaluateCommand.class,
      BenchSplitCommand.class,
      BenchInputCommand.class,
      BenchRunCommand.class
    })
public final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Missing benchmark: expected " + spec.subcommands().keySet());
  }
}
