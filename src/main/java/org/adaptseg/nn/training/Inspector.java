package org.adaptseg.nn.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Level;
import org.adaptseg.data.image.Image;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.LabelMapScores;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.layers.LayerContext;

/**
 * Shows what the generator makes of an image on every level, with running statistics as in
 * evaluation: for pictures, a few at a time. Not thread-safe.
 */
public final class Inspector implements AutoCloseable {
  private final Engine engine;
  private final Generator generator;
  private final int classes;
  private final boolean alignCorners;

  /**
   * @param parameters the generator's flat vector, running statistics included
   * @param alignCorners how logits are upsampled
   * @param arithmetic what numbers are computed in and with
   */
  public Inspector(
      GeneratorArchitecture architecture,
      float[] parameters,
      boolean alignCorners,
      Arithmetic arithmetic) {
    this.engine = Engines.engine(arithmetic);
    this.alignCorners = alignCorners;
    this.generator = new Generator(architecture, engine);
    this.classes = architecture.classes();
    Parameters.load(generator.parameters(), parameters, StateNames.GENERATOR_PARAMETERS);
    generator.parametersChanged();
  }

  /**
   * One level's prediction, row by row.
   *
   * @param level {@code aux} or {@code main}
   * @param labels train id of the most likely class of every pixel, the first where several are
   *     equal
   * @param entropy −Σ p ln p / ln C of every pixel's probabilities, 0 (certain) to 1 (undecided):
   *     the weighted self-information map of Vu et al., CVPR 2019, summed over the classes
   */
  public record LevelView(String level, byte[] labels, float[] entropy) {}

  /**
   * Predicts an image.
   *
   * @param outHeight height of the result; logits are upsampled straight to it
   * @param outWidth width of the result
   * @return one view per level, in the generator's order; evaluation reads the last
   */
  public List<LevelView> inspect(Image image, int outHeight, int outWidth) {
    List<LevelView> views = new ArrayList<>();
    FeatureShape shape = new FeatureShape(1, Image.CHANNELS, image.height(), image.width());
    try (Tensor input = engine.tensor(Tensor.Kind.IMAGE, shape);
        LayerContext scratch = new LayerContext(engine)) {
      input.writeImage(0, image);
      for (Map.Entry<Level, Tensor> level : generator.forward(input, false).entrySet()) {
        Tensor logits = level.getValue();
        try (LabelMapScores map =
            new LabelMapScores(scratch, logits.shape(), outHeight, outWidth, alignCorners)) {
          map.read(logits);
          String name = level.getKey().name();
          views.add(view(name, map.probabilities()));
        }
      }
    }
    return views;
  }

  private LevelView view(String level, Tensor probabilities) {
    int pixels = Math.toIntExact(probabilities.shape().pixels());
    byte[] labels = new byte[pixels];
    float[] entropy = new float[pixels];
    PixelProbabilities.forEach(
        probabilities,
        (pixel, values, first, top) -> {
          double sum = 0;
          for (int c = first; c < first + classes; c++) {
            float p = values[c];
            sum -= p > 0 ? p * Math.log(p) : 0; // p ln p goes to 0 with p
          }
          labels[pixel] = (byte) top;
          entropy[pixel] = (float) Math.min(1, Math.max(0, sum / Math.log(classes)));
        });
    return new LevelView(level, labels, entropy);
  }

  @Override
  public void close() {
    generator.close();
    engine.close();
  }
}
