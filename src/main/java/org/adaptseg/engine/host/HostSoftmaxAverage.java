package org.adaptseg.engine.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.engine.LogitsView;
import org.adaptseg.engine.SoftmaxAverage;

/** Averages row by row. A row is summed in the order of looks and windows by one thread. */
public final class HostSoftmaxAverage implements SoftmaxAverage {
  private final int classes;
  private final int height;
  private final int width;
  private final boolean alignCorners;
  private final List<Look> looks = new ArrayList<>();
  private final Map<Side, Axis> axes = new HashMap<>();

  /** One side of a window: what {@link Axis} depends on. */
  private record Side(int first, int length, int map, int whole, int image) {}

  /** A window, with where the image's pixels are in its logits. */
  private record Placed(Axis rows, Axis columns, int mapWidth, float[] values) {}

  private record Look(List<Placed> upright, List<Placed> mirrored) {}

  /**
   * For an image of a size.
   *
   * @param classes C
   * @param alignCorners how places of the image and of a map correspond, as in training
   */
  public HostSoftmaxAverage(
      int classes, int height, int width, boolean alignCorners, List<LogitsView> views) {
    this.classes = classes;
    this.height = height;
    this.width = width;
    this.alignCorners = alignCorners;
    for (LogitsView view : views) {
      looks.add(new Look(placed(view, view.upright()), placed(view, view.mirrored())));
    }
    axes.clear();
  }

  private List<Placed> placed(LogitsView view, List<LogitsView.Window> windows) {
    List<Placed> placed = new ArrayList<>();
    for (LogitsView.Window w : windows) {
      Side rows = new Side(w.y(), w.height(), w.mapHeight(), view.height(), height);
      Side columns = new Side(w.x(), w.width(), w.mapWidth(), view.width(), width);
      placed.add(
          new Placed(
              axes.computeIfAbsent(rows, side -> new Axis(side, alignCorners)),
              axes.computeIfAbsent(columns, side -> new Axis(side, alignCorners)),
              w.mapWidth(),
              w.values()));
    }
    return placed;
  }

  /**
   * Where the pixels along a side of an image are in the logits of one look at all of it.
   *
   * @param map logits along the side
   * @param input pixels along the side of what the network saw
   * @param image pixels along the side
   */
  public static PixelPlaces places(int map, int input, int image, boolean alignCorners) {
    return new Axis(new Side(0, input, map, input, image), alignCorners).places;
  }

  /** The pixels {@code from} to {@code to} of the image that a window covers on one side. */
  private static final class Axis {
    private final int from;
    private final PixelPlaces places;
    private final float[] weights;

    Axis(Side side, boolean alignCorners) {
      double[] inWindow = new double[side.image];
      int first = side.image;
      int end = 0;
      for (int i = 0; i < side.image; i++) {
        double at =
            alignCorners
                ? side.image > 1 ? (double) i * (side.whole - 1) / (side.image - 1) : 0
                : (i + 0.5) * side.whole / side.image - 0.5;
        inWindow[i] = at - side.first;
        boolean inside = inWindow[i] >= -0.5 && inWindow[i] < side.length - 0.5;
        if (inside) {
          first = Math.min(first, i);
          end = i + 1;
        }
      }
      this.from = Math.min(first, end);
      int n = end - from;
      this.places = new PixelPlaces(n);
      this.weights = new float[n];
      for (int i = 0; i < n; i++) {
        double t = inWindow[from + i];
        double place =
            alignCorners
                ? side.length > 1 ? t * (side.map - 1) / (side.length - 1) : 0
                : (t + 0.5) * side.map / side.length - 0.5;
        places.put(i, Math.max(0, Math.min(place, side.map - 1)), side.map);
        weights[i] = (float) Math.min(t + 1, side.length - t);
      }
    }

    int to() {
      return from + weights.length;
    }

    boolean covers(int pixel) {
      return pixel >= from && pixel < to();
    }
  }

  @Override
  public void forEachRow(int step, RowReader reader) {
    Ranges.forEach(
        (height + step - 1) / step,
        Row::new,
        (row, part) -> {
          int y = part * step;
          row.compute(y);
          reader.read(y, row.total);
        });
  }

  /** What a thread sums a row in. */
  private final class Row {
    private final float[] total = new float[width * classes];
    private final float[] pair = new float[width * classes];
    private final float[] sum = new float[width * classes];
    private final float[] weights = new float[width];
    private final float[] scores = new float[classes];
    private float[] map = new float[0];

    void compute(int y) {
      Arrays.fill(total, 0);
      Look first = looks.get(0);
      if (looks.size() == 1 && first.upright.size() == 1 && first.mirrored.isEmpty()) {
        add(first.upright.get(0), y, true, total);
        return;
      }
      int views = 0;
      for (Look look : looks) {
        // The two of a pair are added first: a mirrored image then has the mirrored bits.
        Arrays.fill(pair, 0);
        average(look.upright, y, false);
        views++;
        if (!look.mirrored.isEmpty()) {
          average(look.mirrored, y, true);
          views++;
        }
        for (int i = 0; i < total.length; i++) {
          total[i] += pair[i];
        }
      }
      if (views > 1) {
        for (int i = 0; i < total.length; i++) {
          total[i] /= views;
        }
      }
    }

    /** Adds a look's average to the pair. */
    private void average(List<Placed> windows, int y, boolean mirrored) {
      boolean alone = windows.size() == 1;
      Arrays.fill(sum, 0);
      Arrays.fill(weights, 0);
      for (Placed window : windows) {
        if (window.rows.covers(y)) {
          add(window, y, alone, sum);
        }
      }
      for (int x = 0; x < width; x++) {
        int to = (mirrored ? width - 1 - x : x) * classes;
        for (int c = 0; c < classes; c++) {
          float value = sum[x * classes + c];
          pair[to + c] += alone ? value : value / weights[x];
        }
      }
    }

    private void add(Placed window, int y, boolean alone, float[] to) {
      int row = y - window.rows.from;
      PixelPlaces rows = window.rows.places;
      interpolateDown(window, rows.cells()[row], rows.shares()[row]);
      Axis columns = window.columns;
      int[] cells = columns.places.cells();
      float[] shares = columns.places.shares();
      boolean single = window.mapWidth == 1;
      for (int i = 0; i < cells.length; i++) {
        int left = cells[i] * classes;
        int right = single ? left : left + classes;
        float share = shares[i];
        float highest = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
          float score = map[left + c] + share * (map[right + c] - map[left + c]);
          scores[c] = score;
          highest = score > highest ? score : highest;
        }
        float all = 0;
        for (int c = 0; c < classes; c++) {
          float value = Exponential.ofNonPositive(scores[c] - highest);
          scores[c] = value;
          all += value;
        }
        int x = columns.from + i;
        float weight = alone ? 1 : window.rows.weights[row] * columns.weights[i];
        weights[x] += weight;
        float factor = weight / all;
        for (int c = 0; c < classes; c++) {
          to[x * classes + c] += factor * scores[c];
        }
      }
    }

    private void interpolateDown(Placed window, int cell, float share) {
      int length = window.mapWidth * classes;
      if (map.length < length) {
        map = new float[length];
      }
      float[] values = window.values;
      int upper = cell * length;
      int lower = upper + length < values.length ? upper + length : upper;
      for (int i = 0; i < length; i++) {
        map[i] = values[upper + i] + share * (values[lower + i] - values[upper + i]);
      }
    }
  }
}
