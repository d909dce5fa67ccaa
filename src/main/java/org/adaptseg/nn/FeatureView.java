package org.adaptseg.nn;

import org.adaptseg.nn.kernels.FeatureShape;
import org.adaptseg.nn.kernels.Kernels;
import org.adaptseg.nn.kernels.Upsampling;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Features of a stage, upsampled (bilinear) like a label map. */
public final class FeatureView implements LevelView {
  private final FeatureShape shape;
  private final Upsampling upsampling;
  private final INDArray rows;
  private final INDArray gradient;

  /**
   * @param features shape of the stage's output
   * @param height that the features are upsampled to
   * @param width that the features are upsampled to
   */
  public FeatureView(
      Kernels kernels, FeatureShape features, int height, int width, boolean alignCorners) {
    this.shape = new FeatureShape(features.images(), features.channels(), height, width);
    this.upsampling = kernels.upsampling(features, height, width, alignCorners);
    this.rows = Nd4j.create(kernels.dataType(), shape.pixels(), features.channels());
    this.gradient = Nd4j.create(kernels.mapType(), kernels.activationShape(features));
  }

  /** Takes the features of a forward, in the kernels' layout. */
  public void read(INDArray features) {
    upsampling.forward(features, rows);
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public INDArray rows() {
    return rows;
  }

  @Override
  public INDArray backward(INDArray gradRows) {
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
