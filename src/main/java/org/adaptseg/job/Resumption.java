package org.adaptseg.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.job.Change.Effect;

/**
 * A run that resumes, and what in it differs from what it was made with.
 *
 * @param directory of the run
 * @param iteration number of iterations made
 * @param changes all that differs
 * @param keys all that could differ: keys of both configurations and of what they name
 */
record Resumption(String directory, long iteration, List<Change> changes, Set<String> keys) {
  Resumption {
    changes = List.copyOf(changes);
    keys = Set.copyOf(keys);
  }

  /**
   * Requires that nothing differs that changes the run's results, unless that is on purpose.
   *
   * @param accepted keys that may differ, with those below them
   * @return what differs all the same, for a person
   * @throws ConfigException with every key that may not differ, and every accepted one that is none
   */
  List<String> require(Collection<String> accepted) {
    List<Change> refused =
        changes.stream()
            .filter(
                change ->
                    change.effect() == Effect.ANOTHER_RUN
                        || change.effect() == Effect.RESULTS
                            && !isAccepted(change.configurationKey(), accepted))
            .toList();
    List<String> problems = new ArrayList<>(unknown(accepted));
    if (!refused.isEmpty()) {
      problems.addAll(problems(refused));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("--resume with " + directory, problems);
    }
    List<String> notes = new ArrayList<>();
    for (Change change : changes) {
      notes.add(
          change.effect() == Effect.NONE
              ? "%s (results stay the same)".formatted(change)
              : String.format(
                  Locale.ROOT,
                  "%s (accepted: results change from iteration %d on)",
                  change,
                  iteration));
    }
    if (iteration > 0) {
      accepted.stream()
          .filter(key -> !FactsFile.ARITHMETIC.contains(key) && !isUsed(key))
          .map(
              "--accept %s: accepts nothing; no such key differs in what changes results"
                  ::formatted)
          .forEach(notes::add);
    }
    return notes;
  }

  /** A slip of the hand would accept nothing, or leave for later what it was to accept. */
  private List<String> unknown(Collection<String> accepted) {
    Set<String> known = new TreeSet<>(keys);
    for (String key : keys) {
      for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
        known.add(key.substring(0, dot));
      }
    }
    return accepted.stream()
        .filter(key -> !known.contains(key))
        .map(
            key ->
                "--accept: expected a key of the configuration, as optimizer.generator, found '%s'%s"
                    .formatted(key, Names.hint(key, known)))
        .toList();
  }

  private boolean isUsed(String accepted) {
    return changes.stream()
        .filter(change -> change.effect() == Effect.RESULTS)
        .anyMatch(change -> isAccepted(change.configurationKey(), List.of(accepted)));
  }

  /** A key accepts those below it. */
  private static boolean isAccepted(String key, Collection<String> accepted) {
    return accepted.stream().anyMatch(a -> key.equals(a) || key.startsWith(a + "."));
  }

  private List<String> problems(List<Change> refused) {
    List<String> problems = new ArrayList<>();
    for (Change change : refused) {
      problems.add(
          change.effect() == Effect.ANOTHER_RUN
              ? String.format(
                  Locale.ROOT, "%s; the %d iterations that were made do not fit", change, iteration)
              : change + "; this changes results");
    }
    Set<String> keys =
        refused.stream()
            .filter(change -> change.effect() == Effect.RESULTS)
            .map(Change::configurationKey)
            .collect(Collectors.toCollection(TreeSet::new));
    String options = keys.stream().map(key -> "--accept " + key).collect(Collectors.joining(" "));
    problems.add(
        keys.isEmpty()
            ? "resume with the old values, or begin a new run in another output.dir"
            : "resume with the old values, or change them on purpose by " + options);
    return problems;
  }
}
