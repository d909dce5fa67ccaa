package org.adaptseg.config.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.adaptseg.config.yaml.Default;
import org.adaptseg.config.yaml.Ranges;

/**
 * What a dataset is like, whatever label space a run uses: classes are given by name, and a class
 * that the run's label space lacks is ignored.
 */
public sealed interface DatasetDescription extends Serializable {
  /** The label map's word for raw ids that no class has. */
  String IGNORE = "ignore";

  /** The dataset's name. */
  String name();

  /** Names of the splits. */
  Set<String> splitNames();

  /** Names of the classes that labels of this dataset can have. */
  Set<String> classNames();

  /** Classes that the dataset is known to lack although a label space may have them. */
  List<String> lacks();

  /**
   * A dataset of image and label files.
   *
   * @param name the dataset's name
   * @param splits glob of each split's images, relative to the root, for example {@code
   *     images/*.png}
   * @param labelPath replacements that turn an image's path, relative to the root, into its label's
   * @param labelMap class name, or {@value #IGNORE}, of every raw id that label files may hold;
   *     other ids are errors. Where no id has a class, labels hold the train ids of the run's label
   *     space, and the ignored values that are named here, or 255 where none is
   * @param lacks classes that the dataset is known to lack
   * @param labels what label files hold: a value a pixel, where channels that differ are an error;
   *     a value in the first of several channels; or colours
   * @param colours with {@code labels: colours}, the class name, or {@value #IGNORE}, of every
   *     colour that label files may hold; other colours are errors. Without entries, the colours of
   *     the run's label space
   */
  record Files(
      String name,
      Map<String, String> splits,
      List<Replacement> labelPath,
      @Default("{}") Map<Integer, String> labelMap,
      @Default("[]") List<String> lacks,
      @Default("values") LabelForm labels,
      @Default("[]") List<LabelColour> colours)
      implements DatasetDescription {
    public Files {
      splits = Collections.unmodifiableMap(new LinkedHashMap<>(splits));
      labelPath = List.copyOf(labelPath);
      colours = List.copyOf(colours);
      boolean numbered = labelMap.isEmpty() || labelMap.equals(numbers(colours));
      labelMap =
          Collections.unmodifiableMap(
              new LinkedHashMap<>(colours.isEmpty() ? labelMap : numbers(colours)));
      lacks = List.copyOf(lacks);
      new Ranges()
          .notBlank("name", name)
          .check(!splits.isEmpty(), "splits", "at least one split", "none")
          .check(
              splits.values().stream().noneMatch(Files::leavesRoot),
              "splits",
              "globs below the root",
              splits)
          .check(!labelPath.isEmpty(), "labelPath", "at least one replacement", "none")
          .check(
              labelMap.keySet().stream().allMatch(id -> id >= 0 && id <= 65_535),
              "labelMap",
              "raw ids from 0 to 65535",
              labelMap.keySet())
          .check(
              labels != LabelForm.COLOURS
                  || labelMap.isEmpty()
                  || labelMap.values().stream().anyMatch(c -> !c.equals(IGNORE)),
              "colours",
              "at least one class",
              "none")
          .check(
              labels != LabelForm.COLOURS || numbered,
              "labelMap",
              "none with 'labels: colours', which have names in colours",
              labelMap.keySet())
          .check(
              labels == LabelForm.COLOURS || colours.isEmpty(),
              "colours",
              "none without 'labels: colours'",
              colours.stream().map(LabelColour::name).toList())
          .noDuplicates("colours", colours.stream().map(c -> c.rgb().toString()).toList())
          .verify(Files.class);
    }

    /** A description of labels that hold values. */
    public Files(
        String name,
        Map<String, String> splits,
        List<Replacement> labelPath,
        Map<Integer, String> labelMap,
        List<String> lacks) {
      this(name, splits, labelPath, labelMap, lacks, LabelForm.VALUES, List.of());
    }

    /** Raw ids of colours are their places in the table. */
    private static Map<Integer, String> numbers(List<LabelColour> colours) {
      Map<Integer, String> names = new LinkedHashMap<>();
      colours.forEach(colour -> names.put(names.size(), colour.name()));
      return names;
    }

    private static boolean leavesRoot(String glob) {
      return glob.isBlank() || glob.startsWith("/") || List.of(glob.split("/")).contains("..");
    }

    @Override
    public Set<String> splitNames() {
      return splits.keySet();
    }

    @Override
    public Set<String> classNames() {
      Set<String> names = new LinkedHashSet<>(labelMap.values());
      names.remove(IGNORE);
      return names;
    }

    /** Whether labels hold train ids, whatever the label space, instead of ids with names. */
    public boolean holdsTrainIds() {
      return classNames().isEmpty();
    }

    /** The ignored values beside train ids. */
    public Set<Integer> ignoredValues() {
      return labelMap.isEmpty() ? Set.of(LabelSpace.IGNORE) : labelMap.keySet();
    }

    /**
     * The label file of an image file.
     *
     * @param imagePath path relative to the root, with slashes
     * @return path relative to the root
     * @throws IllegalArgumentException if a replacement finds nothing to replace
     */
    public String labelOf(String imagePath) {
      String path = imagePath;
      for (Replacement replacement : labelPath) {
        path =
            replacement
                .apply(path)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Cannot name the label of an image of "
                                + name
                                + ": expected '"
                                + replacement.replace()
                                + "' in its path, found '"
                                + imagePath
                                + "'"));
      }
      return path;
    }

    /**
     * The images that would have this label file: {@link #labelOf} the other way round. Empty if it
     * is not named like one, or if the replacements cannot be undone.
     */
    public List<String> imagesOf(String labelFile) {
      List<String> paths = List.of(labelFile);
      for (int i = labelPath.size() - 1; i >= 0; i--) {
        Replacement replacement = labelPath.get(i);
        paths = paths.stream().flatMap(replacement::undo).toList();
      }
      return paths.stream().filter(path -> isLabelOf(path, labelFile)).toList();
    }

    private boolean isLabelOf(String image, String label) {
      return labelPath.stream()
          .reduce(
              Optional.of(image),
              (path, step) -> path.flatMap(step::apply),
              (first, second) -> second)
          .equals(Optional.of(label));
    }

    /**
     * The label map in a label space: train id, or {@link LabelSpace#IGNORE}, of every raw id that
     * is allowed. A raw id that is not a key is an error in the label file.
     */
    public Map<Integer, Integer> trainIds(LabelSpace space) {
      Map<Integer, Integer> ids = new LinkedHashMap<>();
      if (holdsTrainIds()) {
        for (int id = 0; id < space.size(); id++) {
          ids.put(id, id);
        }
        ignoredValues().forEach(id -> ids.putIfAbsent(id, LabelSpace.IGNORE));
      } else {
        labelMap.forEach((raw, className) -> ids.put(raw, space.trainId(className)));
      }
      return Collections.unmodifiableMap(ids);
    }

    /** The same by name: class of the label space, or {@value DatasetDescription#IGNORE}. */
    public Map<Integer, String> classes(LabelSpace space) {
      Map<Integer, String> names = new LinkedHashMap<>();
      trainIds(space)
          .forEach((raw, id) -> names.put(raw, id < space.size() ? space.names().get(id) : IGNORE));
      return Collections.unmodifiableMap(names);
    }
  }

  /** What label files hold. */
  enum LabelForm {
    /** A value a pixel: grey, a palette's index, or channels that are equal. */
    VALUES,
    /** A value in the first channel, whatever the others hold. */
    FIRST_CHANNEL,
    /** Colours that stand for classes. */
    COLOURS
  }

  /**
   * A colour of label files.
   *
   * @param name a class, or {@value #IGNORE}
   * @param rgb red, green, blue, each 0 to 255
   */
  record LabelColour(String name, List<Integer> rgb) implements Serializable {
    public LabelColour {
      rgb = List.copyOf(rgb);
      new Ranges()
          .notBlank("name", name)
          .check(
              rgb.size() == 3 && rgb.stream().allMatch(v -> v >= 0 && v <= 255),
              "rgb",
              "red, green and blue from 0 to 255",
              rgb)
          .verify(LabelColour.class);
    }
  }

  /**
   * One step from an image's path to its label's; the last occurrence is replaced.
   *
   * @param replace literal text that must occur, or several such texts with {@code |} between them,
   *     of which the one that stands last is replaced: {@code .jpg|.png}. An ending at the path's
   *     end may be in capitals, too
   * @param with what stands in its place: one text, or one for each of several, with {@code |}
   *     between them
   */
  record Replacement(String replace, String with) implements Serializable {
    public Replacement {
      new Ranges()
          .notBlank("replace", replace)
          .check(
              replace.isBlank() || texts(replace).noneMatch(String::isEmpty),
              "replace",
              "texts with one | between them",
              "'" + replace + "'")
          .check(
              List.of(1L, texts(replace).count()).contains(texts(with).count()),
              "with",
              "one text, or as many as in replace",
              "'" + with + "'")
          .verify(Replacement.class);
    }

    private static Stream<String> texts(String replace) {
      return Arrays.stream(replace.split("\\|", -1));
    }

    /** What stands in the place of each text. */
    private List<String> withs() {
      List<String> each = texts(with).toList();
      return each.size() > 1
          ? each
          : Collections.nCopies(Math.toIntExact(texts(replace).count()), with);
    }

    /** The paths from which {@link #apply} may have made this one. */
    private Stream<String> undo(String path) {
      List<String> before = texts(replace).toList();
      List<String> after = withs();
      return IntStream.range(0, before.size())
          .filter(i -> !after.get(i).isEmpty() && path.contains(after.get(i)))
          .mapToObj(
              i -> {
                int at = path.lastIndexOf(after.get(i));
                return path.substring(0, at)
                    + before.get(i)
                    + path.substring(at + after.get(i).length());
              });
    }

    /** Cameras write {@code .JPG}, and some programs {@code .Jpg}. */
    private static boolean isEndingOf(String path, String text) {
      int at = path.length() - text.length();
      return text.matches("\\.[A-Za-z0-9]+")
          && at >= 0
          && path.regionMatches(true, at, text, 0, text.length());
    }

    /** The path with the replacement made; empty if there is nothing to replace. */
    public Optional<String> apply(String path) {
      int at = -1;
      int end = -1;
      String instead = with;
      List<String> before = texts(replace).toList();
      for (int i = 0; i < before.size(); i++) {
        String text = before.get(i);
        int found = isEndingOf(path, text) ? path.length() - text.length() : path.lastIndexOf(text);
        if (found >= 0 && found + text.length() > end) {
          at = found;
          end = found + text.length();
          instead = withs().get(i);
        }
      }
      return at < 0
          ? Optional.empty()
          : Optional.of(path.substring(0, at) + instead + path.substring(end));
    }
  }

  /**
   * Streets that the program draws; no files.
   *
   * @param name the dataset's name
   * @param appearance which of the two domains
   * @param splits images of each split
   * @param classes names of the classes that are drawn
   */
  record Synthetic(
      String name, Appearance appearance, Map<String, Drawn> splits, List<String> classes)
      implements DatasetDescription {
    public Synthetic {
      splits = Collections.unmodifiableMap(new LinkedHashMap<>(splits));
      classes = List.copyOf(classes);
      new Ranges()
          .notBlank("name", name)
          .check(!splits.isEmpty(), "splits", "at least one split", "none")
          .check(!classes.isEmpty(), "classes", "at least one class", "none")
          .noDuplicates("classes", classes)
          .verify(Synthetic.class);
    }

    @Override
    public Set<String> splitNames() {
      return splits.keySet();
    }

    @Override
    public Set<String> classNames() {
      return new LinkedHashSet<>(classes);
    }

    @Override
    public List<String> lacks() {
      return List.of();
    }
  }

  /** The two appearances of the drawn streets; layouts have one distribution. */
  enum Appearance {
    SOURCE,
    TARGET
  }

  /**
   * A split of drawn images.
   *
   * @param count number of images, at least 1
   * @param offset index of the first image; splits whose index ranges are apart share no image
   */
  record Drawn(int count, long offset) implements Serializable {
    public Drawn {
      new Ranges().atLeast("count", count, 1).atLeast("offset", offset, 0).verify(Drawn.class);
    }
  }
}
