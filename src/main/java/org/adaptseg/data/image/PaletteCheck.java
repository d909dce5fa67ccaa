package org.adaptseg.data.image;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.data.png.PngRaster;

/**
 * Whether the palette of a label file contradicts what its indices are read as. Programs that
 * reduce a picture to few colours number them as they please: the colours are then those of the
 * classes, and the indices are not their ids.
 *
 * @param classOfColour the class that has a colour, packed as 65536·R + 256·G + B; no colour that
 *     several have
 * @param classOfId the class that a raw id is read as, or {@value DatasetDescription#IGNORE}
 */
record PaletteCheck(Map<Integer, String> classOfColour, Map<Integer, String> classOfId)
    implements Serializable {
  static final PaletteCheck NONE = new PaletteCheck(Map.of(), Map.of());

  private static final int SHOWN = 3;
  private static final int GREY = 0x010101;

  PaletteCheck {
    classOfColour = Map.copyOf(classOfColour);
    classOfId = Map.copyOf(classOfId);
  }

  /** By the colours and ids of the classes. */
  static PaletteCheck of(DatasetDescription.Files description, LabelSpace space) {
    Map<Integer, String> colours = new HashMap<>();
    Map<Integer, Integer> owners = new HashMap<>();
    for (LabelSpace.ClassLabel label : space.classes()) {
      colours.put(packed(label.rgb()), label.name());
      owners.merge(packed(label.rgb()), 1, Integer::sum);
    }
    owners.forEach(
        (colour, count) -> colours.computeIfPresent(colour, (c, n) -> count > 1 ? null : n));
    return new PaletteCheck(colours, description.classes(space));
  }

  /**
   * Compares the indices that a file uses.
   *
   * @throws LabelReading.ColoursException if the palette gives more of them another class' colour
   *     than their own
   */
  void require(PngRaster raster, RawLabels labels, String where)
      throws LabelReading.ColoursException {
    if (raster.palette() == null || classOfColour.isEmpty()) {
      return;
    }
    boolean[] used = new boolean[Character.MAX_VALUE + 1];
    for (char value : labels.values()) {
      used[value] = true;
    }
    List<String> others = new ArrayList<>();
    int own = 0;
    for (int id = 0; id < raster.palette().length / 3; id++) {
      int colour = colour(raster.palette(), id);
      // A palette of greys in their order says nothing.
      String drawn = used[id] && colour != id * GREY ? classOfColour.get(colour) : null;
      if (drawn == null) {
        continue;
      }
      if (drawn.equals(classOfId.get(id))) {
        own++;
      } else {
        others.add(described(id, colour, drawn));
      }
    }
    if (others.size() > own) {
      throw new LabelReading.ColoursException(message(others, where));
    }
  }

  private String described(int id, int colour, String drawn) {
    return String.format(
        Locale.ROOT,
        "%s of %s at %d, which is %s",
        text(colour),
        drawn,
        id,
        classOfId.getOrDefault(id, "no id of the label map"));
  }

  private static String message(List<String> others, String where) {
    List<String> shown = others.subList(0, Math.min(SHOWN, others.size()));
    int more = others.size() - shown.size();
    return "Cannot read labels: expected a palette with the colours of the classes that its indices stand for, found %s%s; 'labels: colours' in the dataset's description reads the colours, 'labels: first-channel' the indices whatever their colours (%s)"
        .formatted(String.join(", ", shown), more > 0 ? " and " + more + " more" : "", where);
  }

  private static int colour(byte[] palette, int index) {
    return (palette[3 * index] & 0xFF) << 16
        | (palette[3 * index + 1] & 0xFF) << 8
        | palette[3 * index + 2] & 0xFF;
  }

  static int packed(List<Integer> rgb) {
    return rgb.get(0) << 16 | rgb.get(1) << 8 | rgb.get(2);
  }

  static String text(int colour) {
    return String.format(
        Locale.ROOT, "(%d, %d, %d)", colour >> 16, colour >> 8 & 0xFF, colour & 0xFF);
  }
}
