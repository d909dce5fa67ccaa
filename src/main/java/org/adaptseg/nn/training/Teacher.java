package org.adaptseg.nn.training;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.adaptseg.config.Level;
import org.adaptseg.config.Model.BatchStatistics;
import org.adaptseg.data.image.Image;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Vector;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.LabelMapScores;
import org.adaptseg.nn.StateNames;
import org.adaptseg.nn.layers.LayerContext;

/**
 * A mean teacher (Tarvainen and Valpola 2017): a generator whose parameters and running statistics
 * are an exponential mean of the student's, and which labels target images for it. Not thread-safe.
 */
public final class Teacher implements AutoCloseable {
  private final Engine engine;
  private final LayerContext context;
  private final Generator student;
  private final Generator generator;
  private final double momentum;
  private final boolean alignCorners;
  private final LayerContext.Statistics statistics;
  private final Map<FeatureShape, Tensor> images = new HashMap<>();
  private final Map<FeatureShape, LabelMapScores> maps = new HashMap<>();

  /**
   * Shares with the student the memory in which feature maps are: the student's last predictions
   * must have been back-propagated before it labels.
   *
   * @param momentum of the mean, 0 to below 1
   * @param alignCorners how logits are upsampled
   * @param statistics of the student
   * @param context of the student
   */
  public Teacher(
      GeneratorTrainer student,
      double momentum,
      boolean alignCorners,
      BatchStatistics statistics,
      LayerContext context) {
    this.context = context;
    this.engine = context.engine();
    this.student = student.network();
    this.generator = new Generator(this.student.architecture(), context);
    this.momentum = momentum;
    this.alignCorners = alignCorners;
    this.statistics =
        statistics == BatchStatistics.RUNNING
            ? LayerContext.Statistics.RUNNING
            : LayerContext.Statistics.STILL;
  }

  /** Becomes the student. */
  public void copy() {
    follow(0);
  }

  /**
   * Follows the student once an iteration: teacher ← α teacher + (1 − α) student with α = min(1 −
   * 1/(t + 1), momentum), as in DACS' code. So it is the plain mean of the student's first states
   * before it is an exponential one.
   *
   * @param iteration t, from 0
   * @throws ArithmeticException when a parameter of the student is not finite
   */
  public void followAfter(long iteration) {
    follow(Math.min(1 - 1.0 / (iteration + 1), momentum));
  }

  /**
   * The step is momentum SGD's own: with the teacher as velocity, no gradient, the student's
   * parameters and a decay of 1 − α, the velocity becomes α v + (1 − α) p; with rate 0 the
   * parameters stay. So every engine has it.
   */
  private void follow(double alpha) {
    float kept = (float) alpha;
    Vector parameters = student.parameters();
    var all = new Optimizers.Stretch("the teacher", 0, parameters.length(), 0, 1);
    // The gradients of a network that is never back-propagated are 0.
    engine
        .optimizers()
        .momentumSgd(
            List.of(all),
            kept,
            1 - (double) kept,
            parameters,
            generator.gradients(),
            generator.parameters());
    generator.parametersChanged();
  }

  /**
   * Labels a batch by the main head, normalised by the batch's own statistics unless the student is
   * trained with running ones.
   *
   * @param all images of a batch, all of one size
   * @param confidence the probability that makes a pixel count as confident
   */
  public TeacherLabels label(List<Image> all, double confidence) {
    int height = all.get(0).height();
    int width = all.get(0).width();
    FeatureShape shape = new FeatureShape(all.size(), Image.CHANNELS, height, width);
    Tensor batch = images.computeIfAbsent(shape, s -> engine.tensor(Tensor.Kind.IMAGE, s));
    for (int i = 0; i < all.size(); i++) {
      batch.writeImage(i, all.get(i));
    }
    generator.setStatistics(statistics);
    Tensor logits = generator.forward(batch, true).get(Level.MAIN);
    LabelMapScores map =
        maps.computeIfAbsent(
            shape, s -> new LabelMapScores(context, logits.shape(), height, width, alignCorners));
    map.read(logits);
    return TeacherLabels.of(map.probabilities(), confidence);
  }

  /** A copy of parameters and running statistics. */
  public float[] parameters() {
    return generator.parameters().read();
  }

  /** Replaces parameters and running statistics. */
  public void load(float[] parameters) {
    Parameters.load(generator.parameters(), parameters, StateNames.TEACHER_PARAMETERS);
    generator.parametersChanged();
  }

  @Override
  public void close() {
    maps.values().forEach(LabelMapScores::close);
    images.values().forEach(Tensor::close);
    generator.close();
  }
}
