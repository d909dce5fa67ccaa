package org.adaptseg.engine;

import java.util.stream.IntStream;
import org.adaptseg.data.random.SplitMix64;
import org.adaptseg.metrics.ConfusionMatrix;

/**
 * Logits and labels to count. Logits are whole numbers of halves, so that many are equal; a tenth
 * of the labels is ignored, and the last class is not scored.
 */
record CountedPixels(PixelCounting.Shape shape, float[] values, byte[] labels) {
  static CountedPixels of(
      int classes,
      int images,
      int mapHeight,
      int mapWidth,
      int height,
      int width,
      boolean alignCorners,
      long seed) {
    FeatureShape logits = new FeatureShape(images, classes, mapHeight, mapWidth);
    PixelCounting.Shape shape =
        new PixelCounting.Shape(
            logits, 8 * mapHeight - 3, 8 * mapWidth - 7, height, width, alignCorners);
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[Math.toIntExact(logits.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(12) / 2f - 3;
    }
    byte[] labels = new byte[shape.pixels()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (random.chance(0.1) ? 255 : random.nextInt(classes));
    }
    return new CountedPixels(shape, values, labels);
  }

  int classes() {
    return shape.logits().channels();
  }

  ConfusionMatrix empty() {
    return new ConfusionMatrix(classes(), 255, IntStream.range(0, classes() - 1).boxed().toList());
  }

  Tensor logits(Engine engine) {
    Tensor logits = engine.tensor(Tensor.Kind.LOGITS, shape.logits());
    logits.write(values);
    return logits;
  }

  ConfusionMatrix counted(Engine engine) {
    ConfusionMatrix matrix = empty();
    try (PixelCounting counting = engine.pixelCounting(shape)) {
      counting.count(logits(engine), labels, matrix);
    }
    return matrix;
  }
}
