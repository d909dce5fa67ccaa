package org.adaptseg.nn.training;

import java.util.List;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.data.image.Image;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.layers.LayerContext;
import org.adaptseg.nn.layers.ParameterSpec.Role;

/**
 * Re-estimates what batch normalisations at evaluation use, with fixed weights: AdaBN (Li et al.
 * 2016). An image is forwarded as in training; every normalisation gives the mean and the unbiased
 * variance of each channel over that image's pixels, which are what PyTorch's running update takes.
 * The estimate is their average over the images, all of equal weight. Not thread-safe.
 */
public final class ImageStatistics implements AutoCloseable {
  private final Engine engine;
  private final Generator generator;
  private final List<ParameterSlice> slices;

  /**
   * @param parameters the generator's flat vector; its running statistics have no effect
   * @param arithmetic what numbers are computed in and with
   */
  public ImageStatistics(
      GeneratorArchitecture architecture, float[] parameters, Arithmetic arithmetic) {
    this.engine = Engines.engine(arithmetic);
    this.generator = new Generator(architecture, engine);
    Parameters.load(generator.parameters(), parameters, StateNames.GENERATOR_PARAMETERS);
    generator.parametersChanged();
    generator.setStatistics(LayerContext.Statistics.REPLACING);
    this.slices = statistics(generator.slices());
  }

  private static List<ParameterSlice> statistics(List<ParameterSlice> slices) {
    return slices.stream()
        .filter(s -> s.role() == Role.RUNNING_MEAN || s.role() == Role.RUNNING_VARIANCE)
        .toList();
  }

  /** Number of statistics: two for each channel of each normalisation. */
  public int size() {
    return Math.toIntExact(slices.stream().mapToLong(ParameterSlice::length).sum());
  }

  /**
   * Adds an image's statistics to sums in the order of the flat vector.
   *
   * @param sums {@link #size} values
   */
  public void add(Image image, double[] sums) {
    FeatureShape shape = new FeatureShape(1, Image.CHANNELS, image.height(), image.width());
    try (Tensor input = engine.tensor(Tensor.Kind.IMAGE, shape)) {
      input.writeImage(0, image);
      generator.forward(input, true);
    }
    int at = 0;
    for (ParameterSlice slice : slices) {
      for (float value : generator.parameter(slice).read()) {
        sums[at++] += value;
      }
    }
  }

  /** A copy of the parameters with the average of {@code images} images in place of theirs. */
  public static float[] replaced(
      GeneratorArchitecture architecture, float[] parameters, double[] sums, int images) {
    float[] copy = parameters.clone();
    int at = 0;
    for (ParameterSlice slice : statistics(Generator.slices(architecture))) {
      for (int i = 0; i < slice.length(); i++) {
        copy[Math.toIntExact(slice.offset()) + i] = (float) (sums[at++] / images);
      }
    }
    return copy;
  }

  @Override
  public void close() {
    generator.close();
    engine.close();
  }
}
