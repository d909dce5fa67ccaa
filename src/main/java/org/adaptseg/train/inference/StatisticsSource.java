package org.adaptseg.train.inference;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Model;
import org.adaptseg.data.Mixture;
import org.adaptseg.data.Split;
import org.adaptseg.data.image.Image;
import org.adaptseg.data.store.HadoopSettings;
import org.adaptseg.engine.machine.Engines;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.training.ImageStatistics;
import org.adaptseg.train.LearnerState;
import org.adaptseg.train.Networks;

/**
 * The images that the statistics of batch normalisation are re-estimated on: at even distances in
 * the target splits, of each its share; their labels are not used. Sums are taken over blocks of
 * images, so that they do not depend on how many tasks there are.
 *
 * @param model sizes of the networks
 * @param arithmetic what numbers are computed in and with
 * @param classes number of classes
 * @param splits target splits
 * @param images how many of its images; all where it has fewer
 * @param hadoop how workers reach file systems
 */
public record StatisticsSource(
    Model model,
    Arithmetic arithmetic,
    int classes,
    Mixture splits,
    int images,
    HadoopSettings hadoop)
    implements Serializable {
  private static final int BLOCK = 4;

  public StatisticsSource {
    images = Math.min(images, splits.size());
  }

  /** Number of blocks of images. */
  public int blocks() {
    return (images + BLOCK - 1) / BLOCK;
  }

  private GeneratorArchitecture architecture() {
    return Networks.architecture(model, classes);
  }

  /**
   * Sums of each image's statistics, block by block.
   *
   * @param state not written to
   * @param done is run after every image
   * @throws IOException if an image cannot be read
   */
  public List<double[]> sums(LearnerState state, List<Integer> blocks, Runnable done)
      throws IOException {
    float[] parameters = state.values(StateNames.GENERATOR_PARAMETERS);
    List<double[]> all = new ArrayList<>();
    List<Integer> indices = splits.evenly(images);
    try (Split open = splits.open(hadoop.configuration(), Engines.images(arithmetic));
        ImageStatistics statistics = new ImageStatistics(architecture(), parameters, arithmetic)) {
      for (int block : blocks) {
        double[] sums = new double[statistics.size()];
        for (int i = block * BLOCK; i < Math.min(images, (block + 1) * BLOCK); i++) {
          Image image = open.unlabelled(indices.get(i)).image();
          statistics.add(image, sums);
          done.run();
        }
        all.add(sums);
      }
    }
    return all;
  }

  /** The state with the average over all images in place of its running statistics. */
  public LearnerState replaced(LearnerState state, List<double[]> sums) {
    double[] total = new double[sums.get(0).length];
    for (double[] block : sums) {
      for (int i = 0; i < total.length; i++) {
        total[i] += block[i];
      }
    }
    return new LearnerState(
        state.vectors().stream()
            .map(
                vector ->
                    vector.name().equals(StateNames.GENERATOR_PARAMETERS)
                        ? new LearnerState.Vector(
                            vector.name(),
                            ImageStatistics.replaced(
                                architecture(), vector.values(), total, images))
                        : vector)
            .toList());
  }
}
