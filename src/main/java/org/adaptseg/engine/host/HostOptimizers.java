package org.adaptseg.engine.host;

import java.util.List;
import org.adaptseg.engine.Optimizers;
import org.adaptseg.engine.Promise;
import org.adaptseg.engine.Vector;

/** The optimisers over vectors in the processor's memory. */
public final class HostOptimizers implements Optimizers {
  @Override
  public void momentumSgd(
      List<Stretch> stretches,
      double momentum,
      double weightDecay,
      Vector parameters,
      Vector gradients,
      Vector velocity) {
    new MomentumUpdate(momentum, weightDecay)
        .step(
            stretches,
            HostVector.pointer(parameters),
            HostVector.pointer(gradients),
            HostVector.pointer(velocity));
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
    new AdamUpdate(rule)
        .step(
            parameters.length(),
            HostVector.pointer(parameters),
            HostVector.pointer(gradients),
            HostVector.pointer(first),
            HostVector.pointer(second),
            learningRate,
            step);
  }

  @Override
  public Promise<Boolean> areFinite(Vector vector) {
    return Promise.of(Finiteness.of(HostVector.pointer(vector), vector.length()));
  }
}
