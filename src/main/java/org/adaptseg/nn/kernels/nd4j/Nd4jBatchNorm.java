package org.adaptseg.nn.kernels.nd4j;

import org.adaptseg.nn.kernels.BatchNorm;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Batch normalisation written out in ND4J operations. */
final class Nd4jBatchNorm implements BatchNorm {
  private static final int CHANNEL = 1;
  private final boolean relu;
  private INDArray gamma;
  private INDArray beta;
  private INDArray mean;
  private INDArray deviation;
  private INDArray mask;

  Nd4jBatchNorm(boolean relu) {
    this.relu = relu;
  }

  @Override
  public void affine(INDArray newGamma, INDArray newBeta) {
    this.gamma = newGamma;
    this.beta = newBeta;
  }

  private void normalise(INDArray x, INDArray y, INDArray m, INDArray d) {
    INDArray out = x.dup();
    Broadcast.sub(out, m, out, CHANNEL);
    Broadcast.mul(out, gamma.div(d), out, CHANNEL);
    Broadcast.add(out, beta, out, CHANNEL);
    y.assign(relu ? Transforms.relu(out, false) : out);
  }

  private static INDArray deviation(INDArray variance) {
    return Transforms.sqrt(variance.add(EPSILON), false);
  }

  @Override
  public void forwardBatch(INDArray x, INDArray y, INDArray toMean, INDArray toVariance) {
    mean = x.mean(0, 2, 3);
    INDArray centred = x.dup();
    Broadcast.sub(centred, mean, centred, CHANNEL);
    INDArray variance = centred.muli(centred).mean(0, 2, 3);
    deviation = deviation(variance);
    normalise(x, y, mean, deviation);
    mask = relu ? y.gt(0).castTo(y.dataType()) : null;
    toMean.assign(mean);
    toVariance.assign(variance);
  }

  @Override
  public void forwardRunning(INDArray x, INDArray y, INDArray m, INDArray variance) {
    normalise(x, y, m, deviation(variance));
  }

  @Override
  public void forwardAgain(INDArray x, INDArray y) {
    normalise(x, y, mean, deviation);
  }

  @Override
  public void backward(INDArray x, INDArray gy, INDArray gx) {
    INDArray g = relu ? gy.mul(mask) : gy.dup();
    INDArray hat = x.dup();
    Broadcast.sub(hat, mean, hat, CHANNEL);
    Broadcast.div(hat, deviation, hat, CHANNEL);
    INDArray meanG = g.mean(0, 2, 3);
    INDArray meanGHat = g.mul(hat).mean(0, 2, 3);
    // gx = γ/σ (g − mean(g) − x̂ mean(g x̂))
    Broadcast.mul(hat, meanGHat, hat, CHANNEL);
    Broadcast.sub(g, meanG, g, CHANNEL);
    g.subi(hat);
    Broadcast.mul(g, gamma.div(deviation), g, CHANNEL);
    gx.assign(g);
  }

  @Override
  public void close() {
    // no native state of our own
  }
}
