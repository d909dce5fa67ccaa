package org.adaptseg.engine.nd4j;

import static org.adaptseg.engine.nd4j.Nd4jTensor.array;

import java.util.List;
import java.util.Locale;
import org.adaptseg.config.GanLoss;
import org.adaptseg.engine.Losses;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The losses as their formulas say, in ND4J's operations. */
final class Nd4jLosses implements Losses {
  @Override
  public Promise<Double> crossEntropy(
      Tensor scores,
      Tensor probabilities,
      byte[] labels,
      double weight,
      List<Float> classWeights,
      Tensor gradient) {
    INDArray p = array(probabilities);
    DataType type = p.dataType();
    int classes = Math.toIntExact(p.size(1));
    // The weight of a pixel's class, 0 for ignored ones; their class does not matter then.
    float[] weights = new float[labels.length];
    int[] indices = new int[labels.length];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xFF;
      if (label != IGNORE) {
        requireClass(label, classes, i);
        weights[i] = classWeights.isEmpty() ? 1f : classWeights.get(label);
        indices[i] = label;
      }
    }
    INDArray of = Nd4j.createFromArray(weights).castTo(type).reshape('c', labels.length, 1);
    INDArray truth = oneHot(indices, classes, type);
    double valid = of.sumNumber().doubleValue();
    INDArray log = logSoftmax(array(scores));
    double sum = -log.mul(truth).sum(true, 1).mul(of).sumNumber().doubleValue();
    INDArray difference = p.sub(truth).muliColumnVector(of);
    array(gradient).assign(valid == 0 ? difference.muli(0) : difference.muli(weight / valid));
    return Promise.of(valid == 0 ? 0 : sum / valid);
  }

  private static void requireClass(int label, int classes, int pixel) {
    if (label >= classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot take the cross-entropy: expected labels 0 to %d or %d, found %d (pixel %d)",
              classes - 1,
              IGNORE,
              label,
              pixel));
    }
  }

  private static INDArray oneHot(int[] indices, int classes, DataType type) {
    INDArray hot = Nd4j.create(type, indices.length, classes);
    Nd4j.exec(
        DynamicCustomOp.builder("onehot")
            .addInputs(Nd4j.createFromArray(indices))
            .addOutputs(hot)
            .addIntegerArguments(-1, classes)
            .addFloatingPointArguments(1.0, 0.0)
            .build());
    return hot;
  }

  private static INDArray logSoftmax(INDArray scores) {
    INDArray shifted = scores.subColumnVector(scores.max(true, 1));
    INDArray logSums = Transforms.log(Transforms.exp(shifted, true).sum(true, 1), false);
    return shifted.subiColumnVector(logSums);
  }

  @Override
  public Promise<Double> entropy(Tensor scores, Tensor probabilities, double weight) {
    INDArray p = array(probabilities);
    INDArray information = information(array(scores), p);
    INDArray entropies = information.sum(true, 1);
    long pixels = p.size(0);
    double loss = entropies.sumNumber().doubleValue() / pixels;
    array(scores).assign(information.sub(p.mulColumnVector(entropies)).muli(weight / pixels));
    return Promise.of(loss);
  }

  /** −p log p / log C. */
  private static INDArray information(INDArray scores, INDArray p) {
    return logSoftmax(scores).muli(p).muli(-1 / Math.log(p.size(1)));
  }

  @Override
  public void selfInformation(Tensor scores, Tensor probabilities) {
    array(scores).assign(information(array(scores), array(probabilities)));
  }

  /** p dI/dp = I − p / log C. */
  @Override
  public void selfInformationBackward(Tensor information, Tensor probabilities, Tensor gradient) {
    INDArray p = array(probabilities);
    INDArray g = array(gradient);
    INDArray slope = array(information).sub(p.div(Math.log(p.size(1))));
    INDArray product = g.mul(slope);
    g.assign(product.sub(p.mulColumnVector(product.sum(true, 1))));
  }

  @Override
  public Promise<Double> adversarial(
      GanLoss objective, Side side, Tensor logits, double weight, Tensor gradient) {
    INDArray z = array(logits);
    double label = side == Side.TARGET ? 1 : 0;
    Curve curve =
        switch (objective) {
          case VANILLA -> crossEntropy(z, label);
          case LEAST_SQUARES -> new Curve(z.sub(label).muli(z.sub(label)), z.sub(label).muli(2));
          case HINGE -> hinge(z, side);
        };
    array(gradient).assign(curve.slope().muli(weight / z.length()));
    return Promise.of(curve.loss().sumNumber().doubleValue() / z.length());
  }

  /** Losses of the logits and their slopes there. */
  private record Curve(INDArray loss, INDArray slope) {}

  /** max(z, 0) − z y + log(1 + e^−|z|). */
  private static Curve crossEntropy(INDArray z, double label) {
    INDArray tail =
        Transforms.log(Transforms.exp(Transforms.abs(z, true).negi(), false).addi(1), false);
    INDArray loss = Transforms.max(z, 0, true).subi(z.mul(label)).addi(tail);
    return new Curve(loss, Transforms.sigmoid(z, true).subi(label));
  }

  private static Curve hinge(INDArray z, Side side) {
    return switch (side) {
      case SOURCE -> new Curve(Transforms.max(z.add(1), 0, true), z.gt(-1).castTo(z.dataType()));
      case TARGET ->
          new Curve(Transforms.max(z.rsub(1), 0, true), z.lt(1).castTo(z.dataType()).negi());
      case FOOL -> new Curve(z.dup(), z.ulike().assign(1));
    };
  }
}
