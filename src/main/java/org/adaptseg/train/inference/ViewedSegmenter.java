package org.adaptseg.train.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.image.LabelImage;
import org.adaptseg.data.prediction.HalfFloat;
import org.adaptseg.data.prediction.PixelPrediction;
import org.adaptseg.engine.LogitsView;
import org.adaptseg.engine.PixelCounting;
import org.adaptseg.engine.SoftmaxAverage;
import org.adaptseg.metrics.ConfusionMatrix;
import org.adaptseg.nn.training.Segmenter;

/**
 * Predicts the pixels of an image from all looks at it. Between network and result it keeps the
 * looks' logits alone. Not thread-safe.
 */
final class ViewedSegmenter implements AutoCloseable {
  private final Supplier<Segmenter> networks;
  private final int mostShapes;
  private final Set<Shape> shapes = new HashSet<>();
  private Segmenter network;

  private record Shape(int height, int width) {}

  /**
   * @param networks makes the network when it is first needed, and again where images of too many
   *     sizes have come: it keeps memory for each
   * @param views how images are looked at
   */
  ViewedSegmenter(Supplier<Segmenter> networks, Views views) {
    this.networks = networks;
    this.mostShapes = 2 * views.scales().size() + 2;
  }

  /**
   * What is asked for besides classes.
   *
   * @param probability of the most likely class
   * @param entropy of the probabilities
   * @param planes classes whose probabilities are kept
   * @param step of which rows; 1 for all, 4 for every fourth
   */
  record Wanted(boolean probability, boolean entropy, List<Integer> planes, int step) {
    /** Only what calibration needs. */
    static final Wanted CALIBRATION = new Wanted(true, false, List.of(), PixelCounting.STEP);

    /** As asked, of all rows. */
    Wanted(boolean probability, boolean entropy, List<Integer> planes) {
      this(probability, entropy, planes, 1);
    }

    boolean nothing() {
      return !probability && !entropy && planes.isEmpty();
    }
  }

  /**
   * Predicts an image.
   *
   * @param scaled at every scale
   * @param height of the result
   * @param width of the result
   */
  PixelPrediction predict(List<ScaledImage> scaled, int height, int width, Wanted wanted) {
    boolean plain = isPlain(scaled);
    byte[] classes = null;
    List<LogitsView> views = new ArrayList<>();
    for (ScaledImage image : scaled) {
      List<LogitsView.Window> upright = new ArrayList<>();
      List<LogitsView.Window> mirrored = new ArrayList<>();
      for (ScaledImage.Place place : image.places()) {
        if (plain) {
          Image input = image.input(place, false);
          classes = network(input).predict(input, height, width);
          if (!wanted.nothing()) {
            upright.add(window(place, network.lastLogits()));
          }
        } else {
          upright.add(look(image, place, false));
          if (image.flip()) {
            mirrored.add(look(image, place, true));
          }
        }
      }
      views.add(new LogitsView(image.height(), image.width(), upright, mirrored));
    }
    if (classes != null && wanted.nothing()) {
      return new PixelPrediction(new LabelImage(height, width, classes), null, null, List.of());
    }
    return new Reading(height, width, classes, wanted).of(network.average(height, width, views));
  }

  /** Whether an image is looked at once, whole. */
  private static boolean isPlain(List<ScaledImage> scaled) {
    ScaledImage first = scaled.get(0);
    return scaled.size() == 1 && first.places().size() == 1 && !first.flip();
  }

  /**
   * Predicts an image and counts its pixels, with the probabilities of some rows.
   *
   * @param scaled at every scale
   * @param truth the result's size is theirs
   * @param into is added to
   */
  void count(List<ScaledImage> scaled, LabelImage truth, ConfusionMatrix into) {
    if (isPlain(scaled)) {
      ScaledImage image = scaled.get(0);
      Image input = image.input(image.places().get(0), false);
      network(input).count(input, truth, into);
    } else {
      PixelPrediction predicted =
          predict(scaled, truth.height(), truth.width(), Wanted.CALIBRATION);
      into.add(truth.values(), predicted.classes().values(), predicted.probability());
    }
  }

  private LogitsView.Window look(ScaledImage image, ScaledImage.Place place, boolean mirrored) {
    Image input = image.input(place, mirrored);
    return window(place, network(input).logits(input));
  }

  private static LogitsView.Window window(ScaledImage.Place place, Segmenter.Logits logits) {
    return new LogitsView.Window(
        place.y(),
        place.x(),
        place.height(),
        place.width(),
        logits.height(),
        logits.width(),
        logits.values());
  }

  private Segmenter network(Image input) {
    if (shapes.add(new Shape(input.height(), input.width())) && shapes.size() > mostShapes) {
      close();
      shapes.add(new Shape(input.height(), input.width()));
    }
    if (network == null) {
      network = networks.get();
    }
    return network;
  }

  /** Takes what is wanted from rows of probabilities. */
  private static final class Reading {
    private final int height;
    private final int width;
    private final boolean decided;
    private final byte[] classes;
    private final int step;
    private final float[] probability;
    private final float[] entropy;
    private final List<Integer> planes;
    private final List<byte[]> halves = new ArrayList<>();

    /**
     * @param classes already known, or null
     */
    Reading(int height, int width, byte[] classes, Wanted wanted) {
      this.height = height;
      this.width = width;
      int pixels = Math.multiplyExact(height, width);
      this.decided = classes != null;
      this.classes = decided ? classes : new byte[pixels];
      this.step = wanted.step();
      this.probability = wanted.probability() ? new float[pixels] : null;
      if (probability != null && step > 1) {
        Arrays.fill(probability, Float.NaN);
      }
      this.entropy = wanted.entropy() ? new float[pixels] : null;
      this.planes = wanted.planes();
      for (int i = 0; i < planes.size(); i++) {
        halves.add(new byte[Math.multiplyExact(pixels, Short.BYTES)]);
      }
    }

    PixelPrediction of(SoftmaxAverage average) {
      // Where classes are not known yet, each row decides its own.
      average.forEachRow(decided ? step : 1, this::read);
      return new PixelPrediction(
          new LabelImage(height, width, classes), probability, entropy, halves);
    }

    private void read(int y, float[] row) {
      int count = row.length / width;
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int from = x * count;
        if (!decided) {
          classes[at] = (byte) highest(row, from, count);
        }
        if (probability != null && y % step == 0) {
          probability[at] = Math.min(1, row[from + (classes[at] & 0xFF)]);
        }
        if (entropy != null) {
          entropy[at] = entropy(row, from, count);
        }
        for (int i = 0; i < planes.size(); i++) {
          short half = HalfFloat.of(row[from + planes.get(i)]);
          halves.get(i)[2 * at] = (byte) half;
          halves.get(i)[2 * at + 1] = (byte) (half >> Byte.SIZE);
        }
      }
    }

    private static int highest(float[] row, int from, int count) {
      int best = 0;
      for (int c = 1; c < count; c++) {
        best = row[from + c] > row[from + best] ? c : best;
      }
      return best;
    }

    /** Divided by the most it can be, log C. */
    private static float entropy(float[] row, int from, int count) {
      double sum = 0;
      for (int c = from; c < from + count; c++) {
        sum -= row[c] > 0 ? row[c] * Math.log(row[c]) : 0;
      }
      return count == 1 ? 0 : (float) Math.max(0, Math.min(1, sum / Math.log(count)));
    }
  }

  @Override
  public void close() {
    if (network != null) {
      network.close();
      network = null;
    }
    shapes.clear();
  }
}
