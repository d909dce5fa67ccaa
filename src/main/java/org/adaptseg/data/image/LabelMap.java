package org.adaptseg.data.image;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.adaptseg.data.png.PngRaster;

/** From the ids that label files hold to train ids. An id that it does not know is an error. */
public final class LabelMap implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final short UNKNOWN = -1;

  private final String dataset;
  private final short[] trainIds;
  private final LabelReading reading;

  /** A map of labels that hold values. */
  public LabelMap(String dataset, Map<Integer, Integer> trainIds) {
    this(dataset, trainIds, new LabelReading.Values());
  }

  /**
   * @param dataset names the dataset in messages
   * @param trainIds train id 0..255 of every raw id 0..65535 that may occur
   * @param reading how files give raw ids
   */
  public LabelMap(String dataset, Map<Integer, Integer> trainIds, LabelReading reading) {
    this.reading = reading;
    int largest = trainIds.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
    if (largest < 0
        || largest > Character.MAX_VALUE
        || new TreeSet<>(trainIds.keySet()).first() < 0) {
      throw new IllegalArgumentException(
          "Cannot map labels of "
              + dataset
              + ": expected raw ids 0..65535, found "
              + trainIds.keySet());
    }
    this.dataset = dataset;
    this.trainIds = new short[largest + 1];
    Arrays.fill(this.trainIds, UNKNOWN);
    trainIds.forEach(
        (raw, trainId) -> {
          if (trainId < 0 || trainId > 255) {
            throw new IllegalArgumentException(
                "Cannot map labels of "
                    + dataset
                    + ": expected train ids 0..255, found "
                    + trainId
                    + " (raw id "
                    + raw
                    + ")");
          }
          this.trainIds[raw] = trainId.shortValue();
        });
  }

  /** How files give raw ids. */
  public LabelReading reading() {
    return reading;
  }

  /** The raw ids that may occur. */
  public Set<Integer> known() {
    return IntStream.range(0, trainIds.length)
        .filter(raw -> trainIds[raw] != UNKNOWN)
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Train ids of a label raster.
   *
   * @param where the file, for messages
   * @throws IOException naming every unknown id and where the first one stands
   */
  public LabelImage apply(RawLabels raw, String where) throws IOException {
    byte[] values = new byte[raw.values().length];
    TreeSet<Integer> unknown = new TreeSet<>();
    int first = -1;
    for (int i = 0; i < values.length; i++) {
      int id = raw.values()[i];
      short trainId = id < trainIds.length ? trainIds[id] : UNKNOWN;
      if (trainId == UNKNOWN) {
        first = first < 0 ? i : first;
        unknown.add(id);
      }
      values[i] = (byte) trainId;
    }
    if (!unknown.isEmpty()) {
      throw new IOException(
          "Cannot map labels: expected ids of the label map of "
              + dataset
              + " (up to "
              + (trainIds.length - 1)
              + "), found "
              + some(unknown)
              + ", first at row "
              + first / raw.width()
              + ", column "
              + first % raw.width()
              + " ("
              + where
              + ")");
    }
    return new LabelImage(raw.height(), raw.width(), values);
  }

  /** The same of a file's samples; those of one byte are looked up where they are. */
  LabelImage apply(PngRaster raster, String where) throws IOException {
    if (raster.channels() != 1
        || raster.sampleBytes() != 1
        || reading instanceof LabelReading.Colours) {
      return apply(reading.read(raster, where), where);
    }
    short[] table = new short[256];
    Arrays.fill(table, UNKNOWN);
    System.arraycopy(trainIds, 0, table, 0, Math.min(table.length, trainIds.length));
    byte[] samples = raster.samples();
    byte[] values = new byte[samples.length];
    int all = 0;
    for (int i = 0; i < values.length; i++) {
      int trainId = table[samples[i] & 0xFF];
      all |= trainId;
      values[i] = (byte) trainId;
    }
    // Only the unknown is negative; which it is, and where, the other way says.
    return all < 0
        ? apply(RawLabels.of(raster), where)
        : new LabelImage(raster.height(), raster.width(), values);
  }

  private static String some(TreeSet<Integer> ids) {
    int shown = 10;
    String list = String.join(", ", ids.stream().limit(shown).map(String::valueOf).toList());
    return ids.size() <= shown ? list : list + " and " + (ids.size() - shown) + " more";
  }
}
