package org.adaptseg.train;

import java.util.List;
import org.adaptseg.config.RunConfig;

/** Sizes of VGG in DeepLab-v2 form, for estimates. */
final class VggSizes {
  private static final int POOLED = 3;
  private static final int FC = 16;

  private VggSizes() {}

  /** A convolution 3×3: channels in and out, and how often its map was halved. */
  private record Layer(long in, long out, int halvings) {
    long weights() {
      return 9 * in * out;
    }
  }

  private static List<Layer> layers(RunConfig.Model m) {
    List<Layer> layers = new java.util.ArrayList<>();
    long in = 3;
    for (int stage = 1; stage <= m.layers().size(); stage++) {
      for (int k = 0; k < m.layers().get(stage - 1); k++) {
        long out = width(m, stage);
        layers.add(new Layer(in, out, Math.min(stage - 1, POOLED)));
        in = out;
      }
    }
    long fc = (long) m.baseWidth() * FC;
    layers.add(new Layer(in, fc, POOLED));
    layers.add(new Layer(fc, fc, POOLED));
    return layers;
  }

  private static long width(RunConfig.Model m, int stage) {
    return (long) m.baseWidth() << Math.min(stage - 1, POOLED);
  }

  /** Channels of a stage's output. */
  static long channels(RunConfig.Model m, int stage) {
    return stage == m.layers().size() ? (long) m.baseWidth() * FC : width(m, stage);
  }

  private static long headWeights(RunConfig.Model m, int classes) {
    return m.levels().values().stream()
        .mapToLong(stage -> m.headRates().size() * 9L * channels(m, stage) * classes)
        .sum();
  }

  /** Trained values. */
  static long parameters(RunConfig.Model m, int classes) {
    long biases = layers(m).stream().mapToLong(Layer::out).sum();
    long weights = layers(m).stream().mapToLong(Layer::weights).sum();
    long headBiases = (long) m.levels().size() * m.headRates().size() * classes;
    return weights + biases + headWeights(m, classes) + headBiases;
  }

  /** Values kept from forward to backward, and the two gradients that take turns. */
  static long activations(RunConfig.Model m, int width, int height) {
    long pixels = (long) width * height;
    long kept = 0;
    for (Layer l : layers(m)) {
      kept += l.out() * (pixels >> (2 * l.halvings()));
    }
    for (int stage = 1; stage <= POOLED; stage++) {
      kept += width(m, stage) * (pixels >> (2 * stage));
    }
    return kept + 2 * m.baseWidth() * pixels;
  }

  /** Multiplications of the convolutions of one forward. */
  static double products(RunConfig.Model m, int classes, RunConfig.Domain domain) {
    double pixels = (double) domain.pixels();
    double sum = headWeights(m, classes) * pixels / (1 << (2 * POOLED));
    for (Layer l : layers(m)) {
      sum += l.weights() * pixels / (1 << (2 * l.halvings()));
    }
    return sum;
  }
}
