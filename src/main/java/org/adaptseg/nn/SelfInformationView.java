package org.adaptseg.nn;

import org.adaptseg.nn.kernels.FeatureShape;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weighted self-information of a label map, I = −p log p / log C for each of C classes of each
 * pixel (Vu et al. 2019, section 3.2): high where the prediction is unsure. With the published
 * code's 1e-30 in the logarithm, p = 0 gives 0.
 */
public final class SelfInformationView implements LevelView {
  private static final double TINY = 1e-30;
  private static final int CHUNK = 1 << 14;

  private final LabelMapScores map;
  private final INDArray information;
  private final double scale;
  private final float[] p = new float[CHUNK];
  private final float[] v = new float[CHUNK];

  /**
   * @param map not closed with this
   */
  public SelfInformationView(LabelMapScores map) {
    this.map = map;
    this.information = map.probabilities().ulike();
    this.scale = -1 / Math.log(map.image().channels());
  }

  @Override
  public FeatureShape shape() {
    return map.image();
  }

  @Override
  public INDArray rows() {
    walk(information, false);
    return information;
  }

  @Override
  public INDArray backward(INDArray gradRows) {
    walk(gradRows, true);
    return map.backwardProbabilities(gradRows);
  }

  /** Fills {@code rows} with I, or multiplies them by dI/dp. */
  private void walk(INDArray rows, boolean derivative) {
    FloatPointer from = new FloatPointer(map.probabilities().data().addressPointer());
    FloatPointer to = new FloatPointer(rows.data().addressPointer());
    for (long at = 0; at < rows.length(); at += CHUNK) {
      int n = (int) Math.min(CHUNK, rows.length() - at);
      from.position(at).get(p, 0, n);
      if (derivative) {
        to.position(at).get(v, 0, n);
      }
      for (int i = 0; i < n; i++) {
        double q = p[i] + TINY;
        v[i] =
            (float)
                (derivative ? v[i] * scale * (Math.log(q) + p[i] / q) : scale * p[i] * Math.log(q));
      }
      to.position(at).put(v, 0, n);
    }
  }

  @Override
  public void close() {
    information.close();
  }
}
