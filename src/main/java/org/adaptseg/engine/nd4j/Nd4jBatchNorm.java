package org.adaptseg.engine.nd4j;

import static org.adaptseg.engine.nd4j.Nd4jTensor.array;

import org.adaptseg.engine.BatchNorm;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Normalization;
import org.adaptseg.engine.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Batch normalisation written out in ND4J operations. */
final class Nd4jBatchNorm implements BatchNorm {
  private static final int CHANNEL = 1;
  private final long values;
  private final boolean relu;
  private INDArray gamma;
  private INDArray beta;
  private INDArray runningMean;
  private INDArray runningVariance;
  private INDArray mean;
  private INDArray variance;
  private INDArray mask;

  Nd4jBatchNorm(FeatureShape shape, boolean relu) {
    this.values = shape.pixels();
    this.relu = relu;
  }

  @Override
  public void parameters(Normalization parameters) {
    this.gamma = Nd4jVector.array(parameters.scale());
    this.beta = Nd4jVector.array(parameters.shift());
    this.runningMean = Nd4jVector.array(parameters.mean());
    this.runningVariance = Nd4jVector.array(parameters.variance());
  }

  private void normalise(INDArray x, INDArray y, INDArray m, INDArray v) {
    INDArray out = x.dup();
    Broadcast.sub(out, m, out, CHANNEL);
    Broadcast.mul(out, gamma.div(deviation(v)), out, CHANNEL);
    Broadcast.add(out, beta, out, CHANNEL);
    y.assign(relu ? Transforms.relu(out, false) : out);
  }

  private static INDArray deviation(INDArray variance) {
    return Transforms.sqrt(variance.add(EPSILON), false);
  }

  @Override
  public void forwardBatch(Tensor in, Tensor out) {
    INDArray x = array(in);
    INDArray y = array(out);
    mean = x.mean(0, 2, 3);
    INDArray centred = x.dup();
    Broadcast.sub(centred, mean, centred, CHANNEL);
    variance = centred.muli(centred).mean(0, 2, 3);
    normalise(x, y, mean, variance);
    mask = relu ? y.gt(0).castTo(y.dataType()) : null;
  }

  private double unbiased() {
    return values > 1 ? (double) values / (values - 1) : 1.0;
  }

  @Override
  public void moveRunning(double momentum) {
    runningMean.muli(1 - momentum).addi(mean.mul(momentum));
    runningVariance.muli(1 - momentum).addi(variance.mul(momentum * unbiased()));
  }

  @Override
  public void replaceRunning() {
    runningMean.assign(mean);
    runningVariance.assign(variance.mul(unbiased()));
  }

  @Override
  public void forwardRunning(Tensor x, Tensor y) {
    normalise(array(x), array(y), runningMean, runningVariance);
  }

  @Override
  public void forwardAgain(Tensor x, Tensor y) {
    normalise(array(x), array(y), mean, variance);
  }

  @Override
  public void backward(Tensor x, Tensor gy, Tensor gx) {
    INDArray g = relu ? array(gy).mul(mask) : array(gy).dup();
    INDArray deviation = deviation(variance);
    INDArray hat = array(x).dup();
    Broadcast.sub(hat, mean, hat, CHANNEL);
    Broadcast.div(hat, deviation, hat, CHANNEL);
    INDArray meanG = g.mean(0, 2, 3);
    INDArray meanGHat = g.mul(hat).mean(0, 2, 3);
    // gx = γ/σ (g − mean(g) − x̂ mean(g x̂))
    Broadcast.mul(hat, meanGHat, hat, CHANNEL);
    Broadcast.sub(g, meanG, g, CHANNEL);
    g.subi(hat);
    Broadcast.mul(g, gamma.div(deviation), g, CHANNEL);
    array(gx).assign(g);
  }

  @Override
  public void backwardRunning(Tensor gy, Tensor gx) {
    INDArray g = array(gy).dup();
    Broadcast.mul(g, gamma.div(deviation(runningVariance)), g, CHANNEL);
    array(gx).assign(g);
  }

  @Override
  public void close() {
    // arrays go when the garbage collector finds them
  }
}
