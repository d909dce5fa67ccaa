package org.adaptseg.data.prediction;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.streets.StreetClass;

/**
 * From train ids back to the ids that a dataset's label files hold.
 *
 * @param dataset the dataset's name
 * @param rawIds raw id 0..65535 of every train id
 */
public record LabelIds(String dataset, List<Integer> rawIds) implements Serializable {
  private static final int BYTE = 255;

  public LabelIds {
    rawIds = List.copyOf(rawIds);
  }

  /**
   * The ids of a dataset; of several ids of one class, the one that its label map names first.
   *
   * @throws ConfigException naming all classes of the space that the dataset has no id for
   */
  public static LabelIds of(DatasetDescription description, LabelSpace space) {
    List<Integer> ids = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String name : space.names()) {
      Integer id = id(description, space, name);
      if (id == null) {
        missing.add(name);
      } else {
        ids.add(id);
      }
    }
    if (!missing.isEmpty()) {
      throw new ConfigException(
          "label ids",
          List.of(
              "expected a dataset with ids for the classes of %s, found none in %s for %s (--ids names another dataset)"
                  .formatted(space.name(), description.name(), String.join(", ", missing))));
    }
    return new LabelIds(description.name(), ids);
  }

  private static Integer id(DatasetDescription description, LabelSpace space, String name) {
    if (description instanceof DatasetDescription.Files files) {
      return files.holdsTrainIds()
          ? Integer.valueOf(space.trainId(name))
          : files.labelMap().entrySet().stream()
              .filter(entry -> entry.getValue().equals(name))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse(null);
    }
    // Drawn streets have the ids of Cityscapes when they are written to files.
    return Arrays.stream(StreetClass.values())
        .filter(kind -> kind.label().equals(name))
        .map(StreetClass::cityscapesId)
        .findFirst()
        .orElse(null);
  }

  /** Whether every id fits eight bits. */
  boolean isEightBit() {
    return rawIds.stream().allMatch(id -> id <= BYTE);
  }
}
