package org.adaptseg.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.adaptseg.config.InstructionSet;
import org.adaptseg.job.process.Versions;
import org.adaptseg.report.html.RunFacts;
import org.adaptseg.train.TrainingListener;

/**
 * The facts of a run in its directory. What the workers compute in and with is added when the first
 * round has shown it; a run that resumes must compute as it began.
 */
final class FactsFile implements TrainingListener {
  private static final String INSTRUCTION_SET = "cluster.instruction-set";

  /** Keys whose accepted change lets the workers compute in and with something else. */
  static final Set<String> ARITHMETIC = Set.of("cluster", "cluster.precision", INSTRUCTION_SET);

  private final Experiment experiment;
  private final boolean mayDiffer;
  private RunFacts facts;

  private FactsFile(Experiment experiment, boolean mayDiffer, RunFacts facts) {
    this.experiment = experiment;
    this.mayDiffer = mayDiffer;
    this.facts = facts;
  }

  /**
   * Writes what is known before the first round.
   *
   * @param weights what the run began with
   * @param accepted keys whose change is accepted
   */
  static FactsFile write(
      Experiment experiment, Map<String, String> weights, Collection<String> accepted)
      throws IOException {
    boolean mayDiffer =
        experiment.config().cluster().instructionSet() == InstructionSet.ANY
            || accepted.stream().anyMatch(ARITHMETIC::contains);
    String before =
        RunFacts.read(experiment.directory(), experiment.hadoop())
            .map(RunFacts::computation)
            .orElse("");
    RunFacts facts = new RunFacts(Versions.all(), experiment.splits().sizes(), weights, before);
    facts.write(experiment.directory(), experiment.hadoop());
    return new FactsFile(experiment, mayDiffer, facts);
  }

  @Override
  public void onComputation(String found) {
    String before = facts.computation();
    if (!before.isEmpty() && !before.equals(found) && !mayDiffer) {
      throw new IllegalStateException(
          ("Cannot resume: expected workers that compute in %s, as this run did before (%s/%s), found"
                  + " %s; choose such machines, or limit these by cluster.instruction-set, or accept"
                  + " other results by --accept %s")
              .formatted(before, experiment.directory(), RunFacts.NAME, found, INSTRUCTION_SET));
    }
    facts = facts.with(found);
    try {
      facts.write(experiment.directory(), experiment.hadoop());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
