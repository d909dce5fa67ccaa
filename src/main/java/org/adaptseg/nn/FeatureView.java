package org.adaptseg.nn;

import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.Upsampling;

/** Features of a stage, upsampled (bilinear) like a label map. */
public final class FeatureView implements LevelView {
  private final Upsampling upsampling;
  private final Tensor rows;
  private final Tensor gradient;

  /**
   * @param features shape of the stage's output
   * @param height that the features are upsampled to
   * @param width that the features are upsampled to
   */
  public FeatureView(
      Engine engine, FeatureShape features, int height, int width, boolean alignCorners) {
    FeatureShape shape = new FeatureShape(features.images(), features.channels(), height, width);
    this.upsampling = engine.upsampling(features, height, width, alignCorners);
    this.rows = engine.tensor(Tensor.Kind.PIXELS, shape);
    this.gradient = engine.tensor(Tensor.Kind.MAP, features);
  }

  /** Takes the features of a forward. */
  public void read(Tensor features) {
    upsampling.forward(features, rows);
  }

  @Override
  public Tensor rows() {
    return rows;
  }

  @Override
  public Tensor backward(Tensor gradRows) {
    upsampling.backward(gradRows, gradient);
    return gradient;
  }

  @Override
  public void close() {
    upsampling.close();
    rows.close();
    gradient.close();
  }
}
