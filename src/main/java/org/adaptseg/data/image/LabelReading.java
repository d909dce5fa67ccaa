package org.adaptseg.data.image;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adaptseg.config.data.DatasetDescription;
import org.adaptseg.config.data.LabelSpace;
import org.adaptseg.config.yaml.ConfigException;
import org.adaptseg.data.png.PngRaster;

/** How a label file's samples are read as raw ids, before the label map. */
public sealed interface LabelReading extends Serializable {
  /**
   * The raw ids of a label file.
   *
   * @param where the file, for messages
   * @throws ColoursException if the file holds colours that have no meaning here
   */
  RawLabels read(PngRaster raster, String where) throws IOException;

  /** Colours where values were expected, or colours that the table lacks. */
  final class ColoursException extends IOException {
    private static final long serialVersionUID = 1L;

    ColoursException(String message) {
      super(message);
    }
  }

  /**
   * What a dataset's description says.
   *
   * @param space gives the colours where the description has none of its own; may be null where
   *     they are not needed or not known
   * @throws ConfigException if two classes that are read by their colours have the same
   */
  static LabelReading of(DatasetDescription.Files description, LabelSpace space) {
    return switch (description.labels()) {
      case VALUES -> space == null ? new Values() : new Values(PaletteCheck.of(description, space));
      case FIRST_CHANNEL -> new FirstChannel();
      case COLOURS -> {
        Map<Integer, Integer> ids = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        if (description.colours().isEmpty()) {
          List<String> problems = new ArrayList<>();
          for (LabelSpace.ClassLabel label : space.classes()) {
            Integer same = ids.putIfAbsent(PaletteCheck.packed(label.rgb()), names.size());
            if (same != null) {
              problems.add(
                  "expected a colour for each class of %s, found %s for %s and %s"
                      .formatted(
                          space.name(),
                          PaletteCheck.text(PaletteCheck.packed(label.rgb())),
                          names.get(same),
                          label.name()));
            }
            names.add(label.name());
          }
          if (!problems.isEmpty()) {
            throw new ConfigException("labels: colours of dataset " + description.name(), problems);
          }
        } else {
          for (DatasetDescription.LabelColour colour : description.colours()) {
            ids.putIfAbsent(PaletteCheck.packed(colour.rgb()), names.size());
            names.add(colour.name());
          }
        }
        yield new Colours(ids, names);
      }
    };
  }

  /**
   * Palette indices and grey values; several channels if they are equal.
   *
   * @param palettes what palettes may not say
   */
  record Values(PaletteCheck palettes) implements LabelReading {
    /** Palettes may have any colours. */
    public Values() {
      this(PaletteCheck.NONE);
    }

    @Override
    public RawLabels read(PngRaster raster, String where) throws IOException {
      int bytes = raster.sampleBytes();
      if (raster.channels() > 2) {
        byte[] s = raster.samples();
        int step = raster.channels() * bytes;
        for (int at = 0; at < s.length; at += step) {
          for (int i = 0; i < bytes; i++) {
            if (s[at + i] != s[at + bytes + i] || s[at + i] != s[at + 2 * bytes + i]) {
              throw colours(raster, at / step, where);
            }
          }
        }
      }
      RawLabels labels = RawLabels.of(raster);
      if (raster.channels() % 2 == 0) {
        requireValues(raster, labels, where);
      }
      palettes.require(raster, labels, where);
      return labels;
    }

    /** Cut-outs of drawing programs show their shapes and hold one value all over. */
    private static void requireValues(PngRaster raster, RawLabels labels, String where)
        throws ColoursException {
      char[] values = labels.values();
      int bytes = raster.sampleBytes();
      int step = raster.channels() * bytes;
      int alpha = step - bytes;
      boolean shapes = false;
      for (int i = 0; i < values.length; i++) {
        if (values[i] != values[0]) {
          return;
        }
        shapes |= raster.samples()[i * step + alpha] != raster.samples()[alpha];
      }
      if (shapes) {
        throw new ColoursException(
            String.format(
                Locale.ROOT,
                ("Cannot read labels: expected classes as values of pixels, found %d all over and"
                    + " shapes in the alpha channel alone, which is not read; save the mask as grey"
                    + " values without transparency, or take the one value by 'labels:"
                    + " first-channel' in the dataset's description (%s)"),
                (int) values[0],
                where));
      }
    }

    private static ColoursException colours(PngRaster raster, int pixel, String where) {
      List<Integer> found = new ArrayList<>();
      int bytes = raster.sampleBytes();
      for (int c = 0; c < 3; c++) {
        int at = (pixel * raster.channels() + c) * bytes;
        int high = raster.samples()[at] & 0xFF;
        found.add(bytes == 1 ? high : high << 8 | raster.samples()[at + 1] & 0xFF);
      }
      return new ColoursException(
          String.format(
              Locale.ROOT,
              ("Cannot read labels: expected one value a pixel, found a picture of colours, for example"
                  + " (%d, %d, %d) at row %d, column %d; 'labels: colours' in the dataset's"
                  + " description reads colours by a table, 'labels: first-channel' takes the first"
                  + " channel for the value (%s)"),
              found.get(0),
              found.get(1),
              found.get(2),
              pixel / raster.width(),
              pixel % raster.width(),
              where));
    }
  }

  /** The first channel, whatever the others hold. */
  record FirstChannel() implements LabelReading {
    @Override
    public RawLabels read(PngRaster raster, String where) {
      return RawLabels.of(raster);
    }
  }

  /**
   * Colours of a table, exactly.
   *
   * @param ids raw id of every colour, packed as 65536·R + 256·G + B
   * @param names of the raw ids, from 0 on
   */
  record Colours(Map<Integer, Integer> ids, List<String> names) implements LabelReading {
    private static final int SHOWN = 5;

    public Colours {
      ids = Map.copyOf(ids);
      names = List.copyOf(names);
    }

    @Override
    public RawLabels read(PngRaster raster, String where) throws IOException {
      byte[] rgb = RgbImage.of(raster).rgb();
      char[] values = new char[raster.height() * raster.width()];
      Map<Integer, Long> unknown = new HashMap<>();
      int before = -1;
      char id = 0;
      for (int i = 0; i < values.length; i++) {
        int colour =
            (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
        // Neighbours mostly are of one class.
        if (colour != before) {
          Integer found = ids.get(colour);
          if (found == null) {
            unknown.merge(colour, 1L, Long::sum);
            continue;
          }
          before = colour;
          id = (char) (int) found;
        }
        values[i] = id;
      }
      if (!unknown.isEmpty()) {
        throw new ColoursException(message(unknown, where));
      }
      return new RawLabels(raster.height(), raster.width(), values);
    }

    private String message(Map<Integer, Long> unknown, String where) {
      List<String> shown =
          unknown.entrySet().stream()
              .sorted(
                  Comparator.comparing((Map.Entry<Integer, Long> e) -> -e.getValue())
                      .thenComparing(Map.Entry::getKey))
              .limit(SHOWN)
              .map(e -> described(e.getKey(), e.getValue()))
              .toList();
      int more = unknown.size() - shown.size();
      return "Cannot read labels: expected colours of the table, found %s%s (%s)"
          .formatted(
              String.join(", ", shown), more > 0 ? " and " + more + " other colours" : "", where);
    }

    private String described(int colour, long pixels) {
      int nearest =
          ids.keySet().stream()
              .min(
                  Comparator.comparing((Integer known) -> distance(known, colour))
                      .thenComparing(known -> known))
              .orElseThrow();
      return String.format(
          Locale.ROOT,
          "%s in %d pixels (nearest: %s %s)",
          PaletteCheck.text(colour),
          pixels,
          names.get(ids.get(nearest)),
          PaletteCheck.text(nearest));
    }

    private static int distance(int a, int b) {
      int red = (a >> 16) - (b >> 16);
      int green = (a >> 8 & 0xFF) - (b >> 8 & 0xFF);
      int blue = (a & 0xFF) - (b & 0xFF);
      return red * red + green * green + blue * blue;
    }
  }
}
