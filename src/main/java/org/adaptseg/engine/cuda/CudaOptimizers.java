package org.adaptseg.engine.cuda;

import java.util.List;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Vector;

/** The optimisers on the device. */
final class CudaOptimizers implements Optimizers {
  private static final int MOST_PARTS = 1 << 14;

  private final CudaContext context;

  CudaOptimizers(CudaContext context) {
    this.context = context;
  }

  @Override
  public void momentumSgd(
      List<Stretch> stretches,
      double momentum,
      double weightDecay,
      Vector parameters,
      Vector gradients,
      Vector velocity) {
    for (Stretch s : stretches) {
      long count = s.to() - s.from();
      long offset = s.from() * Float.BYTES;
      if (count > 0) {
        context.launch(
            "momentum_sgd",
            count,
            CudaVector.address(parameters) + offset,
            CudaVector.address(gradients) + offset,
            CudaVector.address(velocity) + offset,
            s.rate(),
            (float) momentum,
            (float) weightDecay,
            s.repeats(),
            context.updating(s.name()),
            context.flag(),
            count);
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
    context.launch(
        "adam",
        parameters.length(),
        CudaVector.address(parameters),
        CudaVector.address(gradients),
        CudaVector.address(first),
        CudaVector.address(second),
        (float) (learningRate / (1 - Math.pow(rule.beta1(), step))),
        (float) Math.sqrt(1 - Math.pow(rule.beta2(), step)),
        (float) rule.beta1(),
        (float) (1 - rule.beta1()),
        (float) rule.beta2(),
        (float) (1 - rule.beta2()),
        (float) rule.epsilon(),
        context.updating("a discriminator"),
        context.flag(),
        parameters.length());
  }

  @Override
  public Promise<Boolean> areFinite(Vector vector) {
    int parts = (int) Math.min(MOST_PARTS, vector.length());
    long partial = context.scratch("not-finite", (long) parts * Double.BYTES);
    context.launch(
        "not_finite", parts, CudaVector.address(vector), partial, parts, vector.length());
    long at = context.nextScalar();
    context.sum(partial, parts, at);
    return () -> context.scalar(at) == 0;
  }
}
