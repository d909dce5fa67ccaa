package org.adaptseg.data.prediction;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;

/**
 * The classes that a prediction shows. A pixel of another class has the id {@code other} in label
 * ids, black in colours, the image alone in overlays; probabilities are written of the chosen
 * classes only. The network chooses among all its classes first, and its confidence and entropy are
 * of all.
 *
 * @param trainIds the chosen classes in the label space's order; all of them where nothing was
 *     chosen
 * @param other id 0..65535 in label ids
 */
public record ClassChoice(List<Integer> trainIds, int other) implements Serializable {
  /** The id of other classes by default, which datasets give to no class. */
  public static final int OTHER = 255;

  private static final int LARGEST = 65535;

  public ClassChoice {
    trainIds = List.copyOf(trainIds);
  }

  /**
   * A choice by name.
   *
   * @param names of classes; none for all
   * @throws ConfigException naming classes that the space has not, or if the id of other classes is
   *     the id of a class
   */
  public static ClassChoice of(List<String> names, int other, LabelSpace space, LabelIds ids) {
    List<String> problems = new ArrayList<>();
    for (String name : names) {
      if (!space.names().contains(name)) {
        problems.add(
            "expected classes of %s (%s), found %s"
                .formatted(space.name(), String.join(", ", space.names()), name));
      }
    }
    int taken = ids.rawIds().indexOf(other);
    if (!names.isEmpty() && (other < 0 || other > LARGEST || taken >= 0)) {
      problems.add(
          String.format(
              Locale.ROOT,
              "expected an id from 0 to %d for other classes that no class has (--other-id), found"
                  + " %d%s",
              LARGEST,
              other,
              taken < 0 ? "" : ", which is " + space.names().get(taken)));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("the classes to predict", problems);
    }
    List<Integer> chosen = new ArrayList<>();
    for (int id = 0; id < space.size(); id++) {
      if (names.isEmpty() || names.contains(space.names().get(id))) {
        chosen.add(id);
      }
    }
    return new ClassChoice(chosen, other);
  }
}
