package org.adaptseg.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.config.yaml.Names;
import org.adaptseg.config.yaml.TextSource;

/**
 * The classes that scores are averaged over. Publications differ: some train a head of 16 classes
 * and average over 13 of them, some train one of 13; so every score says which.
 *
 * @param protocol for people, for example {@code 16-way head averaged over 13 (cityscapes-13)}
 * @param trainIds classes of the head, ascending
 */
public record ClassSet(String protocol, List<Integer> trainIds) implements Serializable {
  public ClassSet {
    trainIds = List.copyOf(trainIds);
  }

  /** All classes of a head. */
  public static ClassSet all(LabelSpace head) {
    return new ClassSet(
        String.format(Locale.ROOT, "%d classes (%s)", head.size(), head.name()),
        IntStream.range(0, head.size()).boxed().toList());
  }

  /**
   * The class set of a configuration.
   *
   * @param head the label space of the network's output
   * @param files what reads the label space if it is the path of a file
   * @throws ConfigException if there is no such set, or it has classes that the head lacks
   */
  public static ClassSet of(RunConfig config, LabelSpace head, TextSource files) {
    String name = config.evaluation().classes();
    if (name.isBlank()) {
      return all(head);
    }
    LabelSpace set = ResolvedData.labelSpace("evaluation.classes", name, files);
    List<String> missing = set.names().stream().filter(c -> !head.names().contains(c)).toList();
    if (!missing.isEmpty()) {
      throw new ConfigException(
          List.of(
              "evaluation.classes: expected classes of %s, found in %s also %s"
                  .formatted(head.name(), set.name(), String.join(", ", missing))));
    }
    List<Integer> ids = set.names().stream().map(head::trainId).sorted().toList();
    return ids.size() == head.size()
        ? all(head)
        : new ClassSet(
            String.format(
                Locale.ROOT,
                "%d-way head averaged over %d (%s)",
                head.size(),
                set.size(),
                set.name()),
            ids);
  }

  /** What does not fit between the names of classes in a configuration and its label space. */
  static List<String> problems(RunConfig config, LabelSpace head, TextSource files) {
    List<String> problems = new ArrayList<>();
    for (String name : config.loss().classWeights().keySet()) {
      if (!head.names().contains(name)) {
        problems.add(
            "loss.class-weights: expected classes of %s, found '%s'%s"
                .formatted(head.name(), name, Names.hint(name, head.names())));
      }
    }
    try {
      of(config, head, files);
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
    return problems;
  }
}
