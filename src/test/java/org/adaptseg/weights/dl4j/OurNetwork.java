package org.adaptseg.weights.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.adaptseg.engine.Engine;
import org.adaptseg.engine.FeatureShape;
import org.adaptseg.engine.Tensor;
import org.adaptseg.engine.onednn.OneDnnEngine;
import org.adaptseg.nn.Generator;
import org.adaptseg.nn.GeneratorArchitecture;
import org.adaptseg.nn.GoldenNetworks;
import org.adaptseg.nn.ParameterSlice;
import org.adaptseg.testing.Tensors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A generator of ours with values that its tensors' names give, and what it says to an image at
 * evaluation.
 *
 * @param logits of the heads in the order of the stages, each [1, C, h, w]
 */
record OurNetwork(List<ParameterSlice> slices, float[] parameters, List<Logits> logits) {
  /** A head's. */
  record Logits(long[] shape, float[] values) {}

  /**
   * @param image [1, 3, H, W]
   */
  static OurNetwork of(GeneratorArchitecture architecture, INDArray image) {
    try (Engine engine = new OneDnnEngine();
        Generator generator = new Generator(architecture, engine)) {
      GoldenNetworks.fill(generator, "G.", 7);
      List<Logits> logits = new ArrayList<>();
      FeatureShape sizes = new FeatureShape(1, 3, (int) image.size(2), (int) image.size(3));
      Tensor input = Tensors.image(engine, sizes, image.dup('c').data().asFloat());
      for (Tensor level : generator.forward(input, false).values()) {
        FeatureShape s = level.shape();
        long[] shape = {1, s.channels(), s.height(), s.width()};
        logits.add(new Logits(shape, Tensors.floats(level)));
      }
      return new OurNetwork(generator.slices(), generator.parameters().read(), logits);
    }
  }
}
