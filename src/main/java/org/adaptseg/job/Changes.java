package org.adaptseg.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adaptseg.config.ConfigLoader;
import org.adaptseg.config.RunConfig;
import org.adaptseg.config.yaml.StrictYaml;
import org.adaptseg.config.yaml.YamlNode;
import org.adaptseg.config.yaml.YamlReader;
import org.adaptseg.job.Change.Effect;
import org.adaptseg.train.schedule.RoundPlan;
import org.adaptseg.train.schedule.ScaledSchedule;
import org.adaptseg.train.schedule.Schedule;

/** Compares two configurations and what they name, key by key. */
final class Changes {
  /** Keys that change no number of a run that has begun. */
  private static final Pattern WITHOUT_EFFECT =
      Pattern.compile(
          "run\\.(name|on-non-finite)"
              + "|output\\.(dir|keep-checkpoints|grace-period)"
              + "|tracking\\.mlflow\\.(uri|experiment)"
              + "|initial-weights\\.(file|from|random|key|(rename|skip|keep)(\\.\\d+)?)"
              + "|cluster\\.slices"
              + "|data\\.(prefetch-threads|prefetch-samples|cache-samples|max-pixels"
              + "|skip-bad-samples|check-samples)");

  /** Keys of where data is; whether it is the same data, its list of files says. */
  private static final Pattern PLACES =
      Pattern.compile("data\\.[a-z]+(\\.\\d+)?\\.(root|manifest)");

  /** Keys that cut a run into rounds. */
  private static final Pattern ROUNDS =
      Pattern.compile(
          "schedule\\.phases(\\.\\d+\\.(phase|iterations))?"
              + "|cluster\\.averaging-interval(\\.\\d+(\\.(iterations|until))?)?"
              + "|evaluation\\.interval|output\\.checkpoint-interval");

  /** Keys of the networks' shapes, which a checkpoint's vectors must fit. */
  private static final Pattern NETWORKS =
      Pattern.compile(
          "model\\.(layers|base-width|head-rates|discriminator-width|levels|backbone|stride-on|block)"
              + "(\\..*)?|data\\.normalisation");

  /** Keys of what several workers make of the schedule. */
  private static final Pattern SCALING =
      Pattern.compile("cluster\\.(workers|scaling|rate-scaling|warmup)");

  private static final String WORKERS = "cluster.workers";

  /**
   * Keys that change a run's numbers from the change on. So does any key that is in none of these
   * rooms; but a test wants every key in one, so that nobody forgets to ask.
   */
  private static final Pattern NUMBERS =
      Pattern.compile(
          "run\\.seed"
              + "|data\\.classes"
              + "|data\\.(source|target|evaluation)(\\.\\d+)?"
              + "\\.(dataset|split|width|height|weight"
              + "|crop\\.(width|height|largest-share|redraws)"
              + "|jitter\\.(brightness|contrast|saturation|blur))"
              + "|data\\.augmentation\\.(mirror|least-scale|greatest-scale)"
              + "|data\\.rare-classes\\.(sampling|temperature|least-pixels)"
              + "|model\\.(batch-norm|align-corners)"
              + "|loss\\..*|optimizer\\..*"
              + "|cluster\\.(threads-per-worker|engine|precision|loss-scale|instruction-set|exchange)"
              + "|cluster\\.outer\\.(networks|momentum|learning-rate|nesterov)"
              + "|evaluation\\.(classes|batch-norm|batch-norm-images)");

  private static final String NOTHING = "nothing";

  private Changes() {}

  /**
   * All that differs.
   *
   * @param iteration number of iterations that the run has made
   */
  static List<Change> between(MadeFrom before, MadeFrom now, long iteration) {
    Effect rounds = ofRounds(Schedule.of(before.config()), Schedule.of(now.config()), iteration);
    Effect scaling = ofScaling(before.config(), now.config());
    List<Change> changes = new ArrayList<>();
    Set<String> names = new TreeSet<>(before.named().keySet());
    names.addAll(now.named().keySet());
    different(ConfigLoader.toYaml(before.config()), ConfigLoader.toYaml(now.config())).stream()
        .filter(change -> !names.contains(change.key()))
        .map(change -> change.with(effect(change.key(), rounds, scaling)))
        .forEach(changes::add);
    changes.addAll(ofNamed(before, now));
    return changes;
  }

  /** What differs in label spaces and descriptions. */
  static List<Change> ofNamed(MadeFrom before, MadeFrom now) {
    List<Change> changes = new ArrayList<>();
    Set<String> names = new TreeSet<>(before.named().keySet());
    names.addAll(now.named().keySet());
    for (String name : names) {
      for (Change change : different(yaml(before.named().get(name)), yaml(now.named().get(name)))) {
        Effect effect = ofNamed(name, change.key());
        changes.add(new Change(name + ": " + change.key(), change.before(), change.now(), effect));
      }
    }
    return changes;
  }

  /** How many rooms a key of a run's configuration is in; it should be one. */
  static long rooms(String key) {
    return Stream.of(WITHOUT_EFFECT, PLACES, ROUNDS, NETWORKS, SCALING, NUMBERS)
        .filter(room -> room.matcher(key).matches())
        .count();
  }

  /** Every key of a configuration, by what it says there. */
  static Map<String, String> values(RunConfig config) {
    Map<String, String> values = new TreeMap<>();
    flatten("", YamlReader.parse(ConfigLoader.toYaml(config), "configuration"), values);
    return values;
  }

  /** Names and colours of label spaces are for people; other classes are another run. */
  private static Effect ofNamed(String name, String key) {
    boolean shown = key.equals("name") || key.matches(".*\\.rgb(\\..*)?");
    if (shown && name.endsWith(".classes")) {
      return Effect.NONE;
    }
    return name.equals("data.classes") ? Effect.ANOTHER_RUN : Effect.RESULTS;
  }

  private static String yaml(Record record) {
    return record == null ? "{}" : StrictYaml.write(record);
  }

  private static Effect effect(String key, Effect rounds, Effect scaling) {
    if (ROUNDS.matcher(key).matches()) {
      return rounds == Effect.NONE && scaling == Effect.RESULTS ? Effect.RESULTS : rounds;
    }
    if (SCALING.matcher(key).matches()) {
      return key.equals(WORKERS) && scaling == Effect.NONE ? Effect.RESULTS : scaling;
    }
    if (NETWORKS.matcher(key).matches()) {
      return Effect.ANOTHER_RUN;
    }
    boolean without = WITHOUT_EFFECT.matcher(key).matches() || PLACES.matcher(key).matches();
    return without ? Effect.NONE : Effect.RESULTS;
  }

  /** An iteration of two workers is half as much of the schedule as one of four. */
  private static Effect ofScaling(RunConfig before, RunConfig now) {
    if (ScaledSchedule.share(before.cluster()) != ScaledSchedule.share(now.cluster())) {
      return Effect.ANOTHER_RUN;
    }
    boolean same = ScaledSchedule.of(before).warmup().equals(ScaledSchedule.of(now).warmup());
    return same ? Effect.NONE : Effect.RESULTS;
  }

  /** Rounds are where states are averaged: the same ones give the same bits. */
  private static Effect ofRounds(Schedule before, Schedule now, long iteration) {
    Iterator<RoundPlan> old = before.from(0);
    Iterator<RoundPlan> other = now.from(0);
    while (old.hasNext() && other.hasNext()) {
      RoundPlan was = old.next();
      RoundPlan is = other.next();
      if (was.equals(is)) {
        continue;
      }
      if (was.firstIteration() < iteration) {
        return Effect.ANOTHER_RUN;
      }
      // Where only the end was moved, the shorter run's last round is cut there.
      RoundPlan first = was.endIteration() < is.endIteration() ? was : is;
      boolean moved = was.phase() == is.phase() && !(first == was ? old : other).hasNext();
      return moved ? Effect.NONE : Effect.RESULTS;
    }
    return now.totalIterations() < iteration ? Effect.ANOTHER_RUN : Effect.NONE;
  }

  private static List<Change> different(String before, String now) {
    Map<String, String> old = new TreeMap<>();
    Map<String, String> other = new TreeMap<>();
    flatten("", YamlReader.parse(before, "before"), old);
    flatten("", YamlReader.parse(now, "now"), other);
    Set<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(other.keySet());
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      String was = old.getOrDefault(key, NOTHING);
      String is = other.getOrDefault(key, NOTHING);
      if (!was.equals(is)) {
        changes.add(new Change(key, was, is, Effect.RESULTS));
      }
    }
    return changes;
  }

  private static void flatten(String key, YamlNode node, Map<String, String> values) {
    String prefix = key.isEmpty() ? "" : key + ".";
    if (node instanceof YamlNode.Mapping mapping && !mapping.entries().isEmpty()) {
      mapping.entries().forEach((name, entry) -> flatten(prefix + name, entry.value(), values));
    } else if (node instanceof YamlNode.Sequence sequence && !sequence.items().isEmpty()) {
      for (int i = 0; i < sequence.items().size(); i++) {
        flatten(prefix + i, sequence.items().get(i), values);
      }
    } else if (node instanceof YamlNode.Scalar scalar) {
      String text = String.valueOf(scalar.text());
      values.put(key, text.isEmpty() ? "''" : text);
    } else if (!key.isEmpty()) {
      values.put(key, NOTHING);
    }
  }
}
