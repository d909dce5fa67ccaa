package org.adaptseg.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.adaptseg.job.process.Threaded;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Prints the native threads that another command needs, for the scripts that start it: OpenMP wants
 * to know before the process begins.
 */
@Command(name = "threads", hidden = true)
final class ThreadsCommand implements Callable<Integer> {
  @Parameters private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    System.out.println(threads());
    return Main.DONE;
  }

  private int threads() {
    int all = Runtime.getRuntime().availableProcessors();
    try {
      CommandLine.ParseResult result =
          new CommandLine(new Main())
              .setUnmatchedArgumentsAllowed(true)
              .parseArgs(arguments.toArray(String[]::new));
      while (result.hasSubcommand()) {
        result = result.subcommand();
      }
      Object command = result.commandSpec().userObject();
      return command instanceof Threaded t ? t.threads() : all;
    } catch (RuntimeException e) {
      return all; // the command itself reports what is wrong
    }
  }
}
