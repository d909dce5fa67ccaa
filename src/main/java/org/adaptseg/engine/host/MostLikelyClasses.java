package org.adaptseg.engine.host;

import java.util.Arrays;

/**
 * The class of the highest score for every pixel of an image, from logits of a map: bilinear
 * upsampling and arg-max in one pass, without the scores of the pixels ever being stored. Between
 * four neighbouring logits only those classes are looked at that the best one of them does not
 * exceed at all four.
 */
public final class MostLikelyClasses {
  private final int classes;
  private final int mapHeight;
  private final int mapWidth;
  private final int height;
  private final int width;
  private final int[] rowStarts;
  private final int[] columnStarts;
  private final float[] rowWeights;
  private final float[] columnWeights;

  /**
   * @param classes channels of the logits, at most 256
   * @param alignCorners how places of the image and of the map correspond, as in training
   * @param height of the image
   * @param width of the image
   */
  public MostLikelyClasses(
      int classes, int mapHeight, int mapWidth, int height, int width, boolean alignCorners) {
    this.classes = classes;
    this.mapHeight = mapHeight;
    this.mapWidth = mapWidth;
    this.height = height;
    this.width = width;
    PixelPlaces rows = places(mapHeight, height, alignCorners);
    PixelPlaces columns = places(mapWidth, width, alignCorners);
    this.rowWeights = rows.shares();
    this.columnWeights = columns.shares();
    this.rowStarts = starts(mapHeight, rows);
    this.columnStarts = starts(mapWidth, columns);
  }

  /** Where the pixels along a side of an image are in the logits. */
  public static PixelPlaces places(int map, int image, boolean alignCorners) {
    PixelPlaces places = new PixelPlaces(image);
    double scale = image > 1 ? (double) (map - 1) / (image - 1) : 0;
    for (int at = 0; at < image; at++) {
      double centred = Math.max(0, (at + 0.5) * map / image - 0.5);
      places.put(at, alignCorners ? at * scale : Math.min(centred, map - 1), map);
    }
    return places;
  }

  /** Where the pixels of each cell, between logits i and i + 1, begin and, last, where they end. */
  private static int[] starts(int map, PixelPlaces places) {
    int[] starts = new int[Math.max(1, map - 1) + 1];
    int next = 0;
    int image = places.cells().length;
    for (int at = 0; at < image; at++) {
      while (next <= places.cells()[at]) {
        starts[next++] = at;
      }
    }
    Arrays.fill(starts, next, starts.length, image);
    return starts;
  }

  /**
   * Classes of the pixels row by row, the first of equal ones.
   *
   * @param logits [map height, map width, classes]
   */
  public byte[] of(float[] logits) {
    byte[] best = new byte[Math.multiplyExact(height, width)];
    Ranges.forEach(
        rowStarts.length - 1, Cell::new, (cell, row) -> cell.classifyRow(logits, row, best));
    return best;
  }

  /** The pixels between four neighbouring logits, of which c = 0..{@code count} are looked at. */
  private final class Cell {
    private final float[] topLeft = new float[classes];
    private final float[] topRight = new float[classes];
    private final float[] bottomLeft = new float[classes];
    private final float[] bottomRight = new float[classes];
    private final float[] left = new float[classes];
    private final float[] slope = new float[classes];
    private final byte[] ids = new byte[classes];
    private int count;

    void classifyRow(float[] logits, int row, byte[] best) {
      for (int column = 0; column < columnStarts.length - 1; column++) {
        int from = columnStarts[column];
        int to = columnStarts[column + 1];
        if (from == to || rowStarts[row] == rowStarts[row + 1]) {
          continue;
        }
        read(logits, row, column);
        prune();
        for (int y = rowStarts[row]; y < rowStarts[row + 1]; y++) {
          if (count == 1) {
            Arrays.fill(best, y * width + from, y * width + to, ids[0]);
          } else {
            classify(y, from, to, best);
          }
        }
      }
    }

    private void read(float[] logits, int row, int column) {
      int down = row + 1 < mapHeight ? mapWidth * classes : 0;
      int right = column + 1 < mapWidth ? classes : 0;
      int first = (row * mapWidth + column) * classes;
      for (int c = 0; c < classes; c++) {
        int at = first + c;
        topLeft[c] = logits[at];
        topRight[c] = logits[at + right];
        bottomLeft[c] = logits[at + down];
        bottomRight[c] = logits[at + down + right];
      }
    }

    /** Moves the classes that may be the best somewhere to the front, in their order. */
    private void prune() {
      int champion = 0;
      float highest = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        float sum = topLeft[c] + topRight[c] + bottomLeft[c] + bottomRight[c];
        if (sum > highest) {
          highest = sum;
          champion = c;
        }
      }
      float a = topLeft[champion];
      float b = topRight[champion];
      float d = bottomLeft[champion];
      float e = bottomRight[champion];
      count = 0;
      for (int c = 0; c < classes; c++) {
        // Interpolation keeps this order, up to rounding.
        boolean exceeded =
            topLeft[c] < a && topRight[c] < b && bottomLeft[c] < d && bottomRight[c] < e;
        if (!exceeded) {
          ids[count] = (byte) c;
          topLeft[count] = topLeft[c];
          topRight[count] = topRight[c];
          bottomLeft[count] = bottomLeft[c];
          bottomRight[count] = bottomRight[c];
          count++;
        }
      }
    }

    private void classify(int y, int from, int to, byte[] best) {
      float down = rowWeights[y];
      for (int c = 0; c < count; c++) {
        float l = topLeft[c] + down * (bottomLeft[c] - topLeft[c]);
        float r = topRight[c] + down * (bottomRight[c] - topRight[c]);
        left[c] = l;
        slope[c] = r - l;
      }
      for (int x = from; x < to; x++) {
        float right = columnWeights[x];
        int top = 0;
        float highest = left[0] + right * slope[0];
        for (int c = 1; c < count; c++) {
          float score = left[c] + right * slope[c];
          if (score > highest) {
            highest = score;
            top = c;
          }
        }
        best[y * width + x] = ids[top];
      }
    }
  }
}
