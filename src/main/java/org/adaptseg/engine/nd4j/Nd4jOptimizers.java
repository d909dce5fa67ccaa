package org.adaptseg.engine.nd4j;

import static org.adaptseg.engine.nd4j.Nd4jVector.array;

import java.util.List;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Vector;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The optimisers as their formulas say, in ND4J's operations. */
final class Nd4jOptimizers implements Optimizers {
  @Override
  public void momentumSgd(
      List<Stretch> stretches,
      double momentum,
      double weightDecay,
      Vector parameters,
      Vector gradients,
      Vector velocity) {
    for (Stretch s : stretches) {
      INDArray p = array(parameters).get(NDArrayIndex.interval(s.from(), s.to()));
      INDArray g = array(gradients).get(NDArrayIndex.interval(s.from(), s.to())).dup();
      INDArray v = array(velocity).get(NDArrayIndex.interval(s.from(), s.to()));
      for (int i = 0; i < s.repeats(); i++) {
        g.addi(p.mul(weightDecay));
        v.muli(momentum).addi(g);
        p.subi(v.mul(s.rate()));
      }
      if (!isFinite(v)) {
        throw new ArithmeticException(
            "Cannot update " + s.name() + ": expected finite gradients, found NaN or infinity");
      }
    }
  }

  @Override
  public void adam(
      AdamRule rule,
      Vector parameters,
      Vector gradients,
      Vector first,
      Vector second,
      double learningRate,
      long step) {
    INDArray g = array(gradients);
    INDArray m = array(first);
    INDArray v = array(second);
    m.muli(rule.beta1()).addi(g.mul(1 - rule.beta1()));
    v.muli(rule.beta2()).addi(g.mul(g).muli(1 - rule.beta2()));
    if (!isFinite(m)) {
      throw new ArithmeticException(
          "Cannot update a discriminator: expected finite gradients, found NaN or infinity");
    }
    double rate = learningRate / (1 - Math.pow(rule.beta1(), step));
    double root = Math.sqrt(1 - Math.pow(rule.beta2(), step));
    INDArray divisor = Transforms.sqrt(v, true).divi(root).addi(rule.epsilon());
    array(parameters).subi(m.mul(rate).divi(divisor));
  }

  private static boolean isFinite(INDArray values) {
    // A product with 0 is NaN for what is not finite.
    return values.mul(0).sumNumber().doubleValue() == 0;
  }

  @Override
  public Promise<Boolean> areFinite(Vector vector) {
    return Promise.of(isFinite(array(vector)));
  }
}
