package org.adaptseg.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Weights from and to other programs. */
@Command(
    name = "weights",
    description = "Import weights from PyTorch or DL4J, or export them.",
    mixinStandardHelpOptions = true,
    subcommands = {WeightsImportCommand.class, WeightsExportCommand.class})
final class WeightsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Missing command: expected one of " + spec.subcommands().keySet());
  }
}
