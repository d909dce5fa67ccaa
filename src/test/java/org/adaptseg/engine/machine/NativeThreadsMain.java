package org.adaptseg.engine.machine;

import java.io.File;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.adaptseg.config.Arithmetic;
import org.adaptseg.config.Precision;
import org.adaptseg.engine.Computation;
import org.adaptseg.engine.Convolution;
import org.adaptseg.engine.ConvolutionShape;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.host.Ranges;
import org.adaptseg.engine.onednn.OneDnnEngine;

/** Asks for a number of threads, loads ND4J if told to, and counts those that compute. */
final class NativeThreadsMain {
  private NativeThreadsMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    int wanted = Integer.parseInt(arguments[0]);
    NativeThreads.require(wanted);
    if (arguments.length > 1) {
      Engines.engine(new Computation(Arithmetic.Engine.ND4J, Precision.FLOAT32, "nd4j")).close();
    }
    FeatureShape map = new FeatureShape(1, 64, 64, 64);
    ConvolutionShape shape = new ConvolutionShape(map, 64, 3, 1, 1, 1, false, false);
    try (Engine engine = new OneDnnEngine();
        Convolution convolution = engine.convolution(shape)) {
      convolution.weights(engine.vector(64 * 64 * 9), null);
      Tensor x = engine.tensor(Tensor.Kind.MAP, map);
      Tensor y = engine.tensor(Tensor.Kind.MAP, map);
      int before = threads();
      convolution.forward(x, y);
      System.out.println("native " + (1 + threads() - before));
    }
    Set<Long> used = ConcurrentHashMap.newKeySet();
    Ranges.forEach(1000, () -> used.add(Thread.currentThread().getId()), (first, part) -> sleep());
    System.out.println("loops " + used.size());
    try {
      NativeThreads.require(wanted + 1);
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
    NativeThreads.require(wanted);
  }

  private static void sleep() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int threads() {
    return new File("/proc/self/task").list().length;
  }
}
