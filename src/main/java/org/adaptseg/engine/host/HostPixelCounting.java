package org.adaptseg.engine.host;

import java.util.Arrays;
import java.util.List;
import org.adaptseg.engine.ArgMax;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.LogitsView;
import org.adaptseg.engine.PixelCounting;
import org.adaptseg.engine.Tensor;
import org.adaptseg.metrics.ConfusionMatrix;

/** Counts on the processor, image by image. */
public final class HostPixelCounting implements PixelCounting {
  private final Shape shape;
  private final ArgMax mostLikely;

  /**
   * @param mostLikely gives the classes of all images; is closed with this
   */
  public HostPixelCounting(Shape shape, ArgMax mostLikely) {
    this.shape = shape;
    this.mostLikely = mostLikely;
  }

  @Override
  public void count(Tensor logits, byte[] labels, ConfusionMatrix into) {
    shape.requireLabels(labels.length);
    byte[] classes = mostLikely.of(logits);
    float[] values = logits.read();
    int images = shape.logits().images();
    float[] probabilities = new float[labels.length];
    Arrays.fill(probabilities, Float.NaN);
    int size = values.length / images;
    for (int n = 0; n < images; n++) {
      float[] one = images == 1 ? values : Arrays.copyOfRange(values, n * size, (n + 1) * size);
      read(one, classes, probabilities, n * shape.height() * shape.width());
    }
    into.add(labels, classes, probabilities);
  }

  /** Reads the probabilities of an image whose first pixel has a number. */
  private void read(float[] values, byte[] classes, float[] probabilities, int first) {
    FeatureShape map = shape.logits();
    int height = shape.inputHeight();
    int width = shape.inputWidth();
    var window = new LogitsView.Window(0, 0, height, width, map.height(), map.width(), values);
    var look = new LogitsView(height, width, List.of(window), List.of());
    new HostSoftmaxAverage(
            map.channels(), shape.height(), shape.width(), shape.alignCorners(), List.of(look))
        .forEachRow(
            STEP,
            (y, row) -> {
              for (int x = 0; x < shape.width(); x++) {
                int at = first + y * shape.width() + x;
                float probability = row[x * map.channels() + (classes[at] & 0xFF)];
                probabilities[at] = Math.min(1, probability);
              }
            });
  }

  @Override
  public void close() {
    mostLikely.close();
  }
}
