package org.adaptseg.config.data;

import java.io.Serializable;
import java.util.List;
import org.adaptseg.config.yaml.Ranges;
import org.adaptseg.config.yaml.Removed;

/**
 * The classes that a network distinguishes. A class's index in the list is its train id, the
 * channel of the network's output.
 *
 * @param name for example {@code cityscapes-19}
 * @param classes 2 to 255 classes with distinct names
 */
@Removed(key = "ignore", because = "ignored values are named in the dataset's label-map")
public record LabelSpace(String name, List<ClassLabel> classes) implements Serializable {
  /** Train id of pixels that count nowhere, in every label space. */
  public static final int IGNORE = 255;

  /**
   * One class.
   *
   * @param name the class's name, by which label maps refer to it
   * @param rgb red, green, blue, each 0 to 255, for pictures
   */
  public record ClassLabel(String name, List<Integer> rgb) implements Serializable {
    public ClassLabel {
      rgb = List.copyOf(rgb);
      new Ranges()
          .notBlank("name", name)
          .check(
              !name.equals(DatasetDescription.IGNORE),
              "name",
              "another name than 'ignore', which label maps use",
              "'" + name + "'")
          .check(
              rgb.size() == 3 && rgb.stream().allMatch(v -> v >= 0 && v <= 255),
              "rgb",
              "red, green and blue from 0 to 255",
              rgb)
          .verify(ClassLabel.class);
    }
  }

  public LabelSpace {
    classes = List.copyOf(classes);
    new Ranges()
        .notBlank("name", name)
        .check(
            classes.size() >= 2 && classes.size() <= 255,
            "classes",
            "2 to 255 classes",
            classes.size())
        .noDuplicates("classes", classes.stream().map(ClassLabel::name).toList())
        .verify(LabelSpace.class);
  }

  /** Number of classes, the channels of the network's output. */
  public int size() {
    return classes.size();
  }

  /** Names in the order of train ids. */
  public List<String> names() {
    return classes.stream().map(ClassLabel::name).toList();
  }

  /** Train id of the class of that name; {@link #IGNORE} if this space has none. */
  public int trainId(String className) {
    int index = names().indexOf(className);
    return index < 0 ? IGNORE : index;
  }
}
